import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../cluster/database-clock'
import type { DirectTransaction } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { uuidV7 } from '../database/uuid-v7'
import { type Machine, type MachineOrder, Prisma, type Task } from '../generated/prisma/client'
import { type ConfirmationRecipient, queueOrderConfirmations } from '../mail/order-confirmation'
import { enqueueTasks } from '../tasks/enqueue'
import { recordMachineEvents } from './events'
import { generateMachineName } from './generate-name'
import type { CreateMachineRequest } from './schema'
import { formatMachineSize, type NamedSize } from './sizes'
import { executeScriptTask, provisionMachineTask } from './tasks'

/** A request that was validated. */
export interface MachineRequest {
  ownerId: string
  request: CreateMachineRequest
  idempotencyKey?: string
  requestHash: string
  size: NamedSize
  /** The required host; null for any. */
  hostId: string | null
}

export interface OrderedMachine {
  order: MachineOrder
  machine: Machine
  /** The last one provisions the machine. */
  tasks: Task[]
}

interface AdmittedRequests {
  ownerId: string
  admitted: MachineRequest[]
  confirmTo: ConfirmationRecipient
}

/**
 * Writes the rows, order numbers, tasks and mails of machines of one user, in two of the round trips (decision 0123). Returns
 * them by their requests.
 */
export async function insertMachines(
  tx: DirectTransaction,
  boss: PgBoss,
  { ownerId, admitted, confirmTo }: AdmittedRequests,
) {
  if (admitted.length === 0) return new Map<MachineRequest, OrderedMachine>()
  const planned = admitted.map((wanted) => ({ wanted, row: toMachineRow(wanted), taskId: uuidV7() }))
  // Machines first: the others refer to them.
  const [machines, tasks, orders] = await Promise.all([
    insertRows(tx, planned),
    enqueueMachineTasks(tx, boss, planned),
    insertOrders(tx, planned),
    recordOrders(tx, planned),
  ])
  const machineOf = toMap(machines, ({ id }) => id)
  const orderOf = toMap(orders, ({ machineId }) => machineId)
  const ordered = planned.map(({ wanted, row: { id } }) => ({
    wanted,
    machine: machineOf.get(id)!,
    order: orderOf.get(id)!,
    tasks: tasks.get(id)!,
  }))
  await queueOrderConfirmations(tx, boss, { ownerId, to: confirmTo, orders: ordered })
  return new Map<MachineRequest, OrderedMachine>(ordered.map(({ wanted, ...one }) => [wanted, one]))
}

interface PlannedMachine {
  wanted: MachineRequest
  row: ReturnType<typeof toMachineRow>
  /** Of the task that provisions it. */
  taskId: string
}

/** One statement of which Postgres keeps the plan, however many rows: that of the ORM takes several times as long. */
const insertRows = (tx: DirectTransaction, planned: readonly PlannedMachine[]) =>
  tx.query<Machine>(Prisma.sql`
      ${prepared} INSERT INTO machine (id, "ownerId", "hostId", name, image, "sizeName", cpus, "memoryMiB", "diskMiB", "userData",
        "sshKeys", tags, network, "isProtected", "isKeptRunning", "autoStopMinutes", "expiresAt")
      SELECT id, "ownerId", "hostId", name, image, "sizeName", cpus, "memoryMiB", "diskMiB", "userData", "sshKeys", tags, network,
        "isProtected", "isKeptRunning", "autoStopMinutes", "expiresAt" AT TIME ZONE 'UTC'
      FROM jsonb_to_recordset(${JSON.stringify(planned.map(({ row }) => row))}::jsonb) AS wanted(id uuid, "ownerId" text, "hostId" text,
        name text, image text, "sizeName" text, cpus integer, "memoryMiB" integer, "diskMiB" integer, "userData" text,
        "sshKeys" text[], tags text[], network "MachineNetwork", "isProtected" boolean, "isKeptRunning" boolean,
        "autoStopMinutes" integer, "expiresAt" timestamptz)
      RETURNING *`)

/** Numbers the orders in their order. */
function insertOrders(tx: DirectTransaction, planned: readonly PlannedMachine[]) {
  const rows = planned.map(({ wanted: { ownerId, idempotencyKey, requestHash }, row, taskId }) => ({
    ownerId,
    machineId: row.id,
    taskId,
    idempotencyKey,
    requestHash,
  }))
  return tx.query<MachineOrder>(Prisma.sql`
      ${prepared} INSERT INTO machine_order ("ownerId", "machineId", "taskId", "idempotencyKey", "requestHash")
      SELECT "ownerId", "machineId", "taskId", "idempotencyKey", "requestHash"
      FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS ("ownerId" text, "machineId" uuid, "taskId" uuid, "idempotencyKey" text, "requestHash" text)) WITH ORDINALITY
      ORDER BY ordinality
      RETURNING *`)
}

const recordOrders = (tx: DirectTransaction, planned: readonly PlannedMachine[]) =>
  recordMachineEvents(
    tx,
    planned.map(({ wanted: { ownerId, size }, row: { id, image } }) => ({
      machineId: id,
      actorId: ownerId,
      action: 'ordered',
      detail: `${image}, ${formatMachineSize(size)}`,
    })),
  )

/** Enqueues provisioning and, after it, the script. Returns the tasks of each machine by its ID. */
async function enqueueMachineTasks(tx: DirectTransaction, boss: PgBoss, planned: readonly PlannedMachine[]) {
  const tasks = new Map<string, Task[]>()
  const byHost = Map.groupBy(planned, ({ wanted }) => wanted.hostId)
  const enqueueOfHost = async (hostId: string | null, ofHost: readonly PlannedMachine[]) => {
    const provisioning = await enqueueTasks(tx, boss, {
      kind: provisionMachineTask,
      hostId,
      tasks: ofHost.map(({ taskId, row: { id, ownerId } }) => ({
        id: taskId,
        ownerId,
        subjectId: id,
        payload: { machineId: id },
      })),
    })
    for (const [n, { row }] of ofHost.entries()) tasks.set(row.id, [provisioning[n]!])
    const withScript = ofHost.filter(({ wanted }) => wanted.request.userData)
    const scripts = await enqueueTasks(tx, boss, {
      kind: executeScriptTask,
      hostId,
      tasks: withScript.map(({ taskId, wanted: { request }, row: { id, ownerId } }) => ({
        ownerId,
        subjectId: id,
        payload: {
          machineId: id,
          script: request.userData!,
          timeoutMinutes: request.scriptTimeoutMinutes,
          thenTerminate: request.terminateAfterScript,
        },
        parentId: taskId,
      })),
    })
    for (const [n, { row }] of withScript.entries()) tasks.get(row.id)!.unshift(scripts[n]!)
  }
  await Promise.all(Array.from(byHost, ([hostId, ofHost]) => enqueueOfHost(hostId, ofHost)))
  return tasks
}

const toMachineRow = ({ ownerId, request, size, hostId }: MachineRequest) => ({
  id: uuidV7(),
  ownerId,
  hostId,
  name: request.name ?? generateMachineName(),
  image: request.image,
  sizeName: size.name,
  cpus: size.cpus,
  memoryMiB: size.memoryMiB,
  diskMiB: size.diskMiB,
  userData: request.userData,
  sshKeys: request.sshKeys,
  tags: request.tags,
  network: request.network,
  isProtected: request.isProtected,
  isKeptRunning: request.isKeptRunning,
  autoStopMinutes: request.autoStopMinutes,
  expiresAt: request.ttlMinutes ? new Date(databaseTimeMs() + request.ttlMinutes * 60_000) : null,
})

const toMap = <Row>(rows: readonly Row[], keyOf: (row: Row) => string) =>
  new Map(rows.map((row) => [keyOf(row), row]))
