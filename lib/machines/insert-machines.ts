import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Tx } from '../database/db'
import { prepared } from '../database/prepared-statements'
import { uuidV7 } from '../database/uuid-v7'
import type { Machine, MachineOrder, Task } from '../generated/prisma/client'
import { queueOrderConfirmations } from '../mail/order-confirmation'
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
}

/** Writes the rows, order numbers, tasks and mails of machines of one user. Returns them by their requests. */
export async function insertMachines(tx: Tx, boss: PgBoss, { ownerId, admitted }: AdmittedRequests) {
  const rows = admitted.map((wanted) => ({ ...toMachineRow(wanted), id: uuidV7() }))
  const machines = toMap(await insertRows(tx, rows), ({ id }) => id)
  const pairs = admitted.map((wanted, n) => ({ wanted, machine: machines.get(rows[n]!.id)! }))
  const tasks = await enqueueMachineTasks(tx, boss, pairs)
  await recordMachineEvents(
    tx,
    pairs.map(({ wanted, machine }) => ({
      machineId: machine.id,
      actorId: ownerId,
      action: 'ordered',
      detail: `${machine.image}, ${formatMachineSize(wanted.size)}`,
    })),
  )
  const orders = await insertOrders(
    tx,
    pairs.map(({ wanted: { idempotencyKey, requestHash }, machine }) => ({
      ownerId,
      machineId: machine.id,
      taskId: tasks.get(machine.id)!.at(-1)!.id,
      idempotencyKey,
      requestHash,
    })),
  )
  const orderOf = toMap(orders, ({ machineId }) => machineId)
  const ordered = pairs.map(({ wanted, machine }) => ({
    wanted,
    machine,
    order: orderOf.get(machine.id)!,
    tasks: tasks.get(machine.id)!,
  }))
  await queueOrderConfirmations(tx, boss, { ownerId, orders: ordered })
  return new Map(ordered.map(({ wanted, ...one }) => [wanted, one]))
}

type MachineInsert = ReturnType<typeof toMachineRow> & { id: string }

/** One statement of which Postgres keeps the plan, however many rows: that of the ORM takes several times as long. */
const insertRows = (tx: Tx, rows: readonly MachineInsert[]) => tx.$queryRaw<Machine[]>`
  ${prepared} INSERT INTO machine (id, "ownerId", "hostId", name, image, "sizeName", cpus, "memoryMiB", "diskMiB", "userData",
    "sshKeys", tags, network, "isProtected", "isKeptRunning", "autoStopMinutes", "expiresAt")
  SELECT id, "ownerId", "hostId", name, image, "sizeName", cpus, "memoryMiB", "diskMiB", "userData", "sshKeys", tags, network,
    "isProtected", "isKeptRunning", "autoStopMinutes", "expiresAt" AT TIME ZONE 'UTC'
  FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS wanted(id uuid, "ownerId" text, "hostId" text, name text, image text,
    "sizeName" text, cpus integer, "memoryMiB" integer, "diskMiB" integer, "userData" text, "sshKeys" text[], tags text[],
    network "MachineNetwork", "isProtected" boolean, "isKeptRunning" boolean, "autoStopMinutes" integer,
    "expiresAt" timestamptz)
  RETURNING *`

/** Numbers the orders in their order. */
const insertOrders = (tx: Tx, rows: readonly object[]) => tx.$queryRaw<MachineOrder[]>`
  ${prepared} INSERT INTO machine_order ("ownerId", "machineId", "taskId", "idempotencyKey", "requestHash")
  SELECT "ownerId", "machineId", "taskId", "idempotencyKey", "requestHash"
  FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    AS ("ownerId" text, "machineId" uuid, "taskId" uuid, "idempotencyKey" text, "requestHash" text)) WITH ORDINALITY
  ORDER BY ordinality
  RETURNING *`

/** Enqueues provisioning and, after it, the script. Returns the tasks of each machine by its ID. */
async function enqueueMachineTasks(
  tx: Tx,
  boss: PgBoss,
  pairs: readonly { wanted: MachineRequest; machine: Machine }[],
) {
  const tasks = new Map<string, Task[]>()
  for (const [hostId, ofHost] of Map.groupBy(pairs, ({ wanted }) => wanted.hostId)) {
    const provisioning = await enqueueTasks(tx, boss, {
      kind: provisionMachineTask,
      hostId,
      tasks: ofHost.map(({ machine: { id, ownerId } }) => ({
        ownerId,
        subjectId: id,
        payload: { machineId: id },
      })),
    })
    for (const [n, { machine }] of ofHost.entries()) tasks.set(machine.id, [provisioning[n]!])
    const withScript = ofHost.filter(({ wanted }) => wanted.request.userData)
    const scripts = await enqueueTasks(tx, boss, {
      kind: executeScriptTask,
      hostId,
      tasks: withScript.map(({ wanted: { request }, machine: { id, ownerId } }) => ({
        ownerId,
        subjectId: id,
        payload: {
          machineId: id,
          script: request.userData!,
          timeoutMinutes: request.scriptTimeoutMinutes,
          thenTerminate: request.terminateAfterScript,
        },
        parentId: tasks.get(id)![0]!.id,
      })),
    })
    for (const [n, { machine }] of withScript.entries()) tasks.get(machine.id)!.unshift(scripts[n]!)
  }
  return tasks
}

const toMachineRow = ({ ownerId, request, size, hostId }: MachineRequest) => ({
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
