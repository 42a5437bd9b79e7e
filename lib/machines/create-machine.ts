import { createHash } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { Semaphore } from '../concurrency/semaphore'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db, Tx } from '../database/db'
import type { Machine, MachineOrder, Task } from '../generated/prisma/client'
import { queueOrderConfirmation } from '../mail/order-confirmation'
import { enqueueTask } from '../tasks/enqueue'
import { getTask } from '../tasks/queries'
import { toTaskDto } from '../tasks/to-task-dto'
import { requireMachinePermission } from '../users/permissions'
import { recordMachineEvent } from './events'
import { findOrder } from './find-order'
import { generateMachineName } from './generate-name'
import { getMachine, toMachineDto } from './queries'
import { checkQuotaAfterInsert } from './quota'
import { resolveImageHost } from './resolve-image-host'
import type { CreateMachineRequest, CreateMachineResponse } from './schema'
import { formatMachineSize, type NamedSize, resolveMachineSize } from './sizes'
import { executeScriptTask, provisionMachineTask } from './tasks'

interface Deps {
  db: Db
  boss: PgBoss
}
interface Options {
  ownerId: string
  request: CreateMachineRequest
  /** Repeating a request with the same key returns the same machine. */
  idempotencyKey?: string
}

/**
 * Creates a machine: its row, order number, tasks and first job commit together.
 * @throws {AppError} machine.image_unknown, machine.image_broken, machine.too_small,
 *   machine.network_unavailable, machine.quota_exceeded, machine.not_allowed, machine.internet_not_allowed, or order.key_reused if the key belongs to a different request
 */
export async function createMachine({ db, boss }: Deps, options: Options): Promise<CreateMachineResponse> {
  const { ownerId, request } = options
  const requestHash = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  const key = { ownerId, idempotencyKey: options.idempotencyKey, requestHash }
  const earlier = await findOrder(db, key)
  if (earlier) return toResponse(db, { order: earlier })
  const size = resolveMachineSize(request.size)
  const hostId = await resolveImageHost(db, { ownerId, request, size })
  try {
    const created = await creations.run(ownerId, () =>
      db.$transaction(async (tx) => {
        await requireMachinePermission(tx, ownerId, request.network)
        const inserted = await insertMachine(tx, boss, { ...options, size, requestHash, hostId })
        await checkQuotaAfterInsert(tx, { ownerId, created: size })
        return inserted
      }),
    )
    return await toResponse(db, created)
  } catch (error) {
    // A concurrent request with the same key has committed first.
    const winner = (error as { code?: string }).code === 'P2002' && (await findOrder(db, key))
    if (winner) return toResponse(db, { order: winner })
    throw error
  }
}

/**
 * Creations of one owner are serialized by the quota lock in the database. This limit prevents waiting ones from
 * holding connections that other owners need.
 */
const CONCURRENT_CREATIONS_PER_OWNER = 2
const creations = new Semaphore(CONCURRENT_CREATIONS_PER_OWNER)

async function insertMachine(
  tx: Tx,
  boss: PgBoss,
  options: Options & { size: NamedSize; requestHash: string; hostId: string | null },
) {
  const { ownerId, request, size, hostId } = options
  const machine = await tx.machine.create({
    data: {
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
    },
  })
  const common = { ownerId, subjectId: machine.id, hostId }
  const payload = { machineId: machine.id }
  const task = await enqueueTask(tx, boss, { kind: provisionMachineTask, payload, ...common })
  const script =
    request.userData &&
    (await enqueueTask(tx, boss, {
      kind: executeScriptTask,
      payload: {
        ...payload,
        script: request.userData,
        timeoutMinutes: request.scriptTimeoutMinutes,
        thenTerminate: request.terminateAfterScript,
      },
      ...common,
      parentId: task.id,
    }))
  const { idempotencyKey, requestHash } = options
  const detail = `${request.image}, ${formatMachineSize(size)}`
  await recordMachineEvent(tx, { machineId: machine.id, actorId: ownerId, action: 'ordered', detail })
  const order = await tx.machineOrder.create({
    data: { ownerId, machineId: machine.id, taskId: task.id, idempotencyKey, requestHash },
  })
  await queueOrderConfirmation(tx, boss, { order, machine })
  return { order, machine, tasks: script ? [script, task] : [task] }
}

interface Created {
  order: MachineOrder
  /** Unset for an earlier request, whose machine is read. */
  machine?: Machine
  tasks?: Task[]
}

/**
 * A machine that was just created is not read again, unless it is bound to a host. The queue position of its task is
 * omitted, because computing it reads the whole queue; pages receive it a moment later.
 */
async function toResponse(db: Db, { order, machine, tasks = [] }: Created): Promise<CreateMachineResponse> {
  const { ownerId, machineId, taskId } = order
  const task = tasks.at(-1)
  return {
    machine:
      machine?.hostId === null
        ? toMachineDto({ ...machine, host: null, order, tasks, ports: [] }, new Set())
        : await getMachine(db, { id: machineId, ownerId }),
    order: { number: order.number, createdAt: order.createdAt.toISOString() },
    task: task ? toTaskDto(task) : await getTask(db, { id: taskId, ownerId }),
  }
}
