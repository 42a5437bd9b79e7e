import { createHash } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Db } from '../database/db'
import { getTask } from '../tasks/queries'
import { toTaskDto } from '../tasks/to-task-dto'
import { findOrder } from './find-order'
import type { OrderedMachine } from './insert-machines'
import { orderMachine } from './order-machine'
import { getMachine, toMachineDto } from './queries'
import { resolveImageHost } from './resolve-image-host'
import type { CreateMachineRequest, CreateMachineResponse } from './schema'
import { resolveMachineSize } from './sizes'

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
    return await toResponse(db, await orderMachine({ db, boss }, { ...options, size, requestHash, hostId }))
  } catch (error) {
    // A concurrent request with the same key has committed first: the key or the quota was used by it.
    const winner = await findOrder(db, key)
    if (winner) return toResponse(db, { order: winner })
    throw error
  }
}

/**
 * A machine that was just created is not read again, unless it is bound to a host. The queue position of its task is
 * omitted, because computing it reads the whole queue; pages receive it a moment later.
 */
async function toResponse(
  db: Db,
  { order, machine, tasks = [] }: Pick<OrderedMachine, 'order'> & Partial<OrderedMachine>,
): Promise<CreateMachineResponse> {
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
