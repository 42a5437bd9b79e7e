import { createHash } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../db'
import { AppError } from '../errors'
import type { Machine, MachineOrder as MachineOrderRow, Task } from '../generated/prisma/client'
import { KeyedLock } from '../keyed-lock'
import { confirmOrder } from '../mail/order-confirmation'
import { enqueueTask } from '../tasks/enqueue'
import { getTask, toTaskDto } from '../tasks/queries'
import type { MachineOrder, MachineOrderAnswer } from './contract'
import { addMachineEvent } from './events'
import { machineOffer, outboundHost } from './hosts'
import { executeScript, provisionMachine } from './kinds'
import { leastOfImage, leastOfSnapshot, refuseTooSmall } from './least'
import { inventName } from './names'
import { getMachine, toMachineDto } from './queries'
import { checkQuotaWith } from './quota'
import { machineSizeText, type NamedSize, sizeOf } from './sizes'
import { snapshotIdOf } from './snapshot-name'

interface Given {
  db: Db
  boss: PgBoss
}
interface Asked {
  ownerId: string
  order: MachineOrder
  /** The same key again gives the same answer, and makes nothing new. */
  idempotencyKey?: string
}

/**
 * Takes an order: machine, number, tasks and the first job commit together.
 * @throws {AppError} machine.image_unknown, machine.image_broken, machine.too_small,
 *   machine.network_unavailable, machine.quota_exceeded, or order.key_reused when the key came with another order.
 */
export async function orderMachine(given: Given, asked: Asked): Promise<MachineOrderAnswer> {
  const requestHash = createHash('sha256').update(JSON.stringify(asked.order)).digest('hex')
  const earlier = await findEarlier(given.db, asked, requestHash)
  if (earlier) return answerOf(given.db, earlier)
  const size = sizeOf(asked.order.size)
  const hostId = await checkImage(given.db, asked, size)
  try {
    const made = await orders.run(laneOf(asked.ownerId), () =>
      given.db.$transaction(async (tx) => {
        const written = await writeOrder(tx, given.boss, { ...asked, size, requestHash, hostId })
        await checkQuotaWith(tx, { ownerId: asked.ownerId, made: size })
        return written
      }),
    )
    return await answerOf(given.db, made.taken, made)
  } catch (error) {
    // Two with the same key came at once.
    const winner =
      (error as { code?: string }).code === 'P2002' && (await findEarlier(given.db, asked, requestHash))
    if (winner) return answerOf(given.db, winner)
    throw error
  }
}

/**
 * Orders of one person wait for each other in the database, for the count of what that person has. Few of them may do so
 * at once: the others wait here, where they hold no connection that somebody else's order needs.
 */
const orders = new KeyedLock()
const LANES = 2
let taken = 0
const laneOf = (ownerId: string) => `${ownerId}/${taken++ % LANES}`

async function writeOrder(
  tx: Tx,
  boss: PgBoss,
  asked: Asked & { size: NamedSize; requestHash: string; hostId: string | null },
) {
  const { ownerId, order, size, hostId } = asked
  const machine = await tx.machine.create({
    data: {
      ownerId,
      hostId,
      name: order.name ?? inventName(),
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
  const common = { ownerId, machineId: machine.id, hostId }
  const payload = { machineId: machine.id }
  const task = await enqueueTask(tx, boss, { kind: provisionMachine, payload, ...common })
  const script =
    order.userData &&
    (await enqueueTask(tx, boss, {
      kind: executeScript,
      payload: {
        ...payload,
        script: order.userData,
        timeoutMinutes: order.scriptTimeoutMinutes,
        thenTerminate: order.terminateAfterScript,
      },
      ...common,
      after: task.id,
    }))
  const { idempotencyKey, requestHash } = asked
  const detail = `${order.image}, ${machineSizeText(size)}`
  await addMachineEvent(tx, { machineId: machine.id, actorId: ownerId, action: 'ordered', detail })
  const taken = await tx.machineOrder.create({
    data: { ownerId, machineId: machine.id, taskId: task.id, idempotencyKey, requestHash },
  })
  await confirmOrder(tx, boss, taken, machine)
  return { taken, machine, tasks: script ? [script, task] : [task] }
}

async function findEarlier(db: Db, { ownerId, idempotencyKey }: Asked, requestHash: string) {
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
async function answerOf(
  db: Db,
  order: MachineOrderRow,
  made?: { machine: Machine; tasks: Task[] },
): Promise<MachineOrderAnswer> {
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
async function checkImage(db: Db, { ownerId, order }: Asked, size: NamedSize) {
  const snapshotId = snapshotIdOf(order.image)
  const snapshot = snapshotId
    ? await db.machineSnapshot.findFirst({ where: { ownerId, id: snapshotId, state: 'done' } })
    : null
  if (snapshot) {
    refuseTooSmall(size, leastOfSnapshot(snapshot))
    return snapshot.hostId
  }
  const { images, problem, outboundProblem } = await machineOffer(db)
  // Where no host was heard of yet the order waits for one, and it will judge.
  if (problem && images.length === 0) return null
  if (order.network === 'outbound' && outboundProblem) throw refusal('network_unavailable', outboundProblem)
  const image = images.find(({ name }) => name === order.image)
  if (!image) {
    const names = images.map(({ name }) => name).join(', ')
    throw refusal('image_unknown', `There is no image “${order.image}”. There are: ${names}.`)
  }
  if (image.problem) throw refusal('image_broken', image.problem)
  refuseTooSmall(size, leastOfImage(image))
  return order.network === 'outbound' ? outboundHost(db) : null
}

const refusal = (code: string, message: string) =>
  new AppError({ code: `machine.${code}`, message, status: 422 })
