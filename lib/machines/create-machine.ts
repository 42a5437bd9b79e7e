import { createHash } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import type { Machine, MachineOrder as MachineOrderRow, Task } from '../generated/prisma/client'
import { Semaphore } from '../concurrency/semaphore'
import { queueOrderConfirmation } from '../mail/order-confirmation'
import { enqueueTask } from '../tasks/enqueue'
import { getTask } from '../tasks/queries'
import { toTaskDto } from '../tasks/to-task-dto'
import type { CreateMachineRequest, CreateMachineResponse } from './schema'
import { recordMachineEvent } from './events'
import { readMachineAvailability, requiredOutboundHostId } from './hosts'
import { executeScriptTask, provisionMachineTask } from './tasks'
import { minimumSizeOfImage, minimumSizeOfSnapshot, assertMinimumSize } from './minimum-size'
import { generateMachineName } from './generate-name'
import { getMachine, toMachineDto } from './queries'
import { checkQuotaAfterInsert } from './quota'
import { formatMachineSize, type NamedSize, resolveMachineSize } from './sizes'
import { parseSnapshotImageName } from './snapshot-image-name'

interface Deps {
  db: Db
  boss: PgBoss
}
interface Options {
  ownerId: string
  request: CreateMachineRequest
  /** The same key again gives the same answer, and makes nothing new. */
  idempotencyKey?: string
}

/**
 * Takes an order: machine, number, tasks and the first job commit together.
 * @throws {AppError} machine.image_unknown, machine.image_broken, machine.too_small,
 *   machine.network_unavailable, machine.quota_exceeded, or order.key_reused when the key came with another order.
 */
export async function createMachine(given: Deps, asked: Options): Promise<CreateMachineResponse> {
  const requestHash = createHash('sha256').update(JSON.stringify(asked.request)).digest('hex')
  const earlier = await findEarlierOrder(given.db, asked, requestHash)
  if (earlier) return toResponse(given.db, earlier)
  const size = resolveMachineSize(asked.request.size)
  const hostId = await resolveImageHost(given.db, asked, size)
  try {
    const made = await creations.run(asked.ownerId, () =>
      given.db.$transaction(async (tx) => {
        const written = await insertMachine(tx, given.boss, { ...asked, size, requestHash, hostId })
        await checkQuotaAfterInsert(tx, { ownerId: asked.ownerId, made: size })
        return written
      }),
    )
    return await toResponse(given.db, made.taken, made)
  } catch (error) {
    // Two with the same key came at once.
    const winner =
      (error as { code?: string }).code === 'P2002' && (await findEarlierOrder(given.db, asked, requestHash))
    if (winner) return toResponse(given.db, winner)
    throw error
  }
}

/**
 * Creations of one owner serialize on the quota lock in the database. Limiting them here keeps waiting ones from
 * holding connections that other owners need.
 */
const CONCURRENT_CREATIONS_PER_OWNER = 2
const creations = new Semaphore(CONCURRENT_CREATIONS_PER_OWNER)

async function insertMachine(
  tx: Tx,
  boss: PgBoss,
  asked: Options & { size: NamedSize; requestHash: string; hostId: string | null },
) {
  const { ownerId, request: order, size, hostId } = asked
  const machine = await tx.machine.create({
    data: {
      ownerId,
      hostId,
      name: order.name ?? generateMachineName(),
      image: order.image,
      sizeName: size.name,
      cpus: size.cpus,
      memoryMiB: size.memoryMiB,
      diskMiB: size.diskMiB,
      userData: order.userData,
      sshKeys: order.sshKeys,
      tags: order.tags,
      network: order.network,
      isProtected: order.isProtected,
      isKeptRunning: order.isKeptRunning,
      autoStopMinutes: order.autoStopMinutes,
      expiresAt: order.ttlMinutes ? new Date(Date.now() + order.ttlMinutes * 60_000) : null,
    },
  })
  const common = { ownerId, subjectId: machine.id, hostId }
  const payload = { machineId: machine.id }
  const task = await enqueueTask(tx, boss, { kind: provisionMachineTask, payload, ...common })
  const script =
    order.userData &&
    (await enqueueTask(tx, boss, {
      kind: executeScriptTask,
      payload: {
        ...payload,
        script: order.userData,
        timeoutMinutes: order.scriptTimeoutMinutes,
        thenTerminate: order.terminateAfterScript,
      },
      ...common,
      parentId: task.id,
    }))
  const { idempotencyKey, requestHash } = asked
  const detail = `${order.image}, ${formatMachineSize(size)}`
  await recordMachineEvent(tx, { machineId: machine.id, actorId: ownerId, action: 'ordered', detail })
  const taken = await tx.machineOrder.create({
    data: { ownerId, machineId: machine.id, taskId: task.id, idempotencyKey, requestHash },
  })
  await queueOrderConfirmation(tx, boss, taken, machine)
  return { taken, machine, tasks: script ? [script, task] : [task] }
}

async function findEarlierOrder(db: Db, { ownerId, idempotencyKey }: Options, requestHash: string) {
  if (!idempotencyKey) return null
  const earlier = await db.machineOrder.findUnique({
    where: { ownerId_idempotencyKey: { ownerId, idempotencyKey } },
  })
  if (!earlier || earlier.requestHash === requestHash) return earlier
  throw new AppError({
    code: 'order.key_reused',
    message: 'This Idempotency-Key was sent with another order before.',
    status: 422,
  })
}

/**
 * What was `made` just now is told without being read again, unless it is bound to a host; and without its place,
 * for which a line of ten thousand would be read for every order in it. Pages hear of that a moment later.
 */
async function toResponse(
  db: Db,
  order: MachineOrderRow,
  made?: { machine: Machine; tasks: Task[] },
): Promise<CreateMachineResponse> {
  const isKnown = made && made.machine.hostId === null
  const machine = isKnown
    ? toMachineDto({ ...made.machine, host: null, order, tasks: made.tasks, ports: [] }, new Set())
    : await getMachine(db, { id: order.machineId, ownerId: order.ownerId })
  const task = made?.tasks.at(-1)
  return {
    machine,
    order: { number: order.number, createdAt: order.createdAt.toISOString() },
    task: task ? toTaskDto(task, null) : await getTask(db, { id: order.taskId, ownerId: order.ownerId }),
  }
}

/** @returns the host that has to make it, for an image that only one host has */
async function resolveImageHost(db: Db, { ownerId, request: order }: Options, size: NamedSize) {
  const snapshotId = parseSnapshotImageName(order.image)
  const snapshot = snapshotId
    ? await db.machineSnapshot.findFirst({ where: { ownerId, id: snapshotId, state: 'done' } })
    : null
  if (snapshot) {
    assertMinimumSize(size, minimumSizeOfSnapshot(snapshot))
    return snapshot.hostId
  }
  const { images, problem, outboundProblem } = await readMachineAvailability(db)
  // Where no host was heard of yet the order waits for one, and it will judge.
  if (problem && images.length === 0) return null
  if (order.network === 'outbound' && outboundProblem)
    throw unprocessableError('network_unavailable', outboundProblem)
  const image = images.find(({ name }) => name === order.image)
  if (!image) {
    const names = images.map(({ name }) => name).join(', ')
    throw unprocessableError('image_unknown', `There is no image “${order.image}”. There are: ${names}.`)
  }
  if (image.problem) throw unprocessableError('image_broken', image.problem)
  assertMinimumSize(size, minimumSizeOfImage(image))
  return order.network === 'outbound' ? requiredOutboundHostId(db) : null
}

const unprocessableError = (code: string, message: string) =>
  new AppError({ code: `machine.${code}`, message, status: 422 })
