import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { type Machine, Prisma } from '../generated/prisma/client'
import { cancelTask } from '../tasks/commands'
import { enqueueTask } from '../tasks/enqueue'
import type { TaskKind } from '../tasks/task-kind'
import { whereUnfinished } from '../tasks/queries'
import type { UpdateMachineRequest } from './schema'
import { recordMachineEvent } from './events'
import {
  rebootMachineTask,
  resizeMachineTask,
  startMachineTask,
  stateChangingKindNames,
  stopMachineTask,
  terminateMachineTask,
} from './tasks'
import { findMinimumSize, assertMinimumSize } from './minimum-size'
import { checkQuota } from './quota'
import type { NamedSize } from './sizes'
import { machineTransitions, type MachineState, transitionMachine } from './state'

interface Target {
  db: Db
  boss: PgBoss
  id: string
  ownerId: string
  /** Who asks. Null: the app itself, for `reason`. */
  actorId: string | null
  reason?: string
}

const POWER_ACTIONS = {
  start: { kind: startMachineTask, to: 'starting', desired: 'running', event: 'started' },
  stop: { kind: stopMachineTask, to: 'stopping', desired: 'stopped', event: 'stopped' },
  reboot: { kind: rebootMachineTask, to: 'rebooting', desired: 'running', event: 'rebooted' },
} as const
export type PowerAction = keyof typeof POWER_ACTIONS

/**
 * Has a machine started, stopped or rebooted. One that is already there or on its way stays so.
 * @throws {AppError} machine.not_found, machine.busy, machine.not_possible
 */
export async function requestPowerAction(target: Target, action: PowerAction) {
  const { kind, to, desired, event } = POWER_ACTIONS[action]
  await target.db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    const isThere = machine.state === to || (action !== 'reboot' && machine.state === desired)
    if (isThere) {
      // It may be here against what was asked for before, and is to stay.
      if (machine.desired !== desired)
        await tx.machine.update({ where: { id: machine.id }, data: { desired } })
      return
    }
    if (!machineTransitions.canMove(machine.state, to)) throw actionNotPossibleError(machine.state, action)
    await assertNotBusy(tx, machine.id)
    await transitionMachine(tx, { id: machine.id, to, data: { desired, error: Prisma.DbNull } })
    await recordEvent(tx, target, event)
    await enqueueMachineTask(tx, target.boss, machine, kind)
  })
}

/**
 * Ends a machine for good, from whatever state it is in; work on it is canceled.
 * Terminating a terminated one changes nothing.
 * @throws {AppError} machine.not_found, machine.protected
 */
export async function requestTermination(target: Target) {
  const { db, boss, id, ownerId } = target
  const asked = await db.machine.findFirst({ where: { id, ownerId } })
  if (asked?.isProtected && asked.state !== 'failed')
    throw conflictError('protected', 'This machine is protected. Take the protection off first.')
  // In the order in which runs lock: the task, then its machine.
  const running = await db.task.findMany({
    where: { machineId: id, ownerId, ...whereUnfinished, kind: { not: terminateMachineTask.name } },
  })
  for (const task of running)
    await cancelTask({ db, boss, taskId: task.id, ownerId }).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error
    })
  await db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    if (machine.state === 'terminated' || machine.state === 'terminating') return
    const end = { desired: 'terminated', error: Prisma.DbNull } as const
    await recordEvent(tx, target, 'terminated')
    if (!machine.hostId) {
      // No host has taken it: there is nothing to remove.
      await tx.machine.update({
        where: { id },
        data: { ...end, state: 'terminated', terminatedAt: new Date() },
      })
      return
    }
    await transitionMachine(tx, { id, to: 'terminating', data: end })
    await enqueueMachineTask(tx, boss, machine, terminateMachineTask)
  })
}

/**
 * @throws {AppError} machine.not_found, machine.busy, machine.not_stopped, machine.disk_shrinks, machine.too_small,
 *   machine.quota_exceeded
 */
export async function requestResize(target: Target, size: NamedSize) {
  await target.db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    if (machine.state !== 'stopped') throw conflictError('not_stopped', 'Stop the machine first.')
    if (size.diskMiB < machine.diskMiB)
      throw conflictError('disk_shrinks', 'A disk can grow, but not shrink.')
    await assertNotBusy(tx, machine.id)
    const least = await findMinimumSize(tx, machine)
    if (least) assertMinimumSize({ ...size, diskMiB: Math.max(size.diskMiB, least.diskMiB) }, least)
    const more = {
      cpus: size.cpus - machine.cpus,
      memoryMiB: size.memoryMiB - machine.memoryMiB,
      diskMiB: size.diskMiB - machine.diskMiB,
    }
    await checkQuota(tx, { ownerId: target.ownerId, more })
    await recordEvent(tx, target, 'resized', size.name)
    const { id, ownerId, hostId } = machine
    const payload = { machineId: id, size }
    await enqueueTask(tx, target.boss, { kind: resizeMachineTask, payload, ownerId, subjectId: id, hostId })
  })
}

/** Name, tags, protection, time to live. @throws {AppError} machine.not_found */
export async function updateMachine(target: Omit<Target, 'boss'>, change: UpdateMachineRequest) {
  const { ttlMinutes, ...data } = change
  const expiresAt = ttlMinutes ? new Date(Date.now() + ttlMinutes * 60_000) : null
  await target.db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    await tx.machine.update({
      where: { id: machine.id },
      data: { ...data, ...(ttlMinutes === undefined ? {} : { expiresAt }) },
    })
    const told = Object.entries(change).map(([key, value]) => `${key}: ${String(value)}`)
    await recordEvent(tx, target, 'changed', told.join(', ').slice(0, 500))
  })
}

/** The row, locked until the transaction ends. Somebody else's is as absent as a missing one. */
export async function lockMachine(tx: Tx, { id, ownerId }: Pick<Target, 'id' | 'ownerId'>) {
  await tx.$queryRaw`SELECT 1 FROM machine WHERE id = ${id}::uuid FOR UPDATE`
  const machine = await tx.machine.findFirst({ where: { id, ownerId } })
  if (!machine) throw notFound('machine')
  return machine
}

/** @throws {AppError} machine.busy while a task is about to change its state. */
export async function assertNotBusy(tx: Tx, machineId: string) {
  const open = await tx.task.count({
    where: { machineId, ...whereUnfinished, kind: { in: stateChangingKindNames } },
  })
  if (open > 0)
    throw conflictError('busy', 'Something else is being done with this machine. Wait until it is done.')
}

/** Puts work for a machine in the lane of its host. */
const enqueueMachineTask = <K extends TaskKind>(tx: Tx, boss: PgBoss, machine: Machine, kind: K) =>
  enqueueTask(tx, boss, {
    kind,
    payload: { machineId: machine.id } as never,
    ownerId: machine.ownerId,
    subjectId: machine.id,
    hostId: machine.hostId,
  })

const recordEvent = (
  tx: Tx,
  { id, actorId, reason }: Omit<Target, 'boss'>,
  action: string,
  detail?: string,
) => recordMachineEvent(tx, { machineId: id, actorId, action, detail: detail ?? reason })

const conflictError = (code: string, message: string) =>
  new AppError({ code: `machine.${code}`, message, status: 409 })

function actionNotPossibleError(state: MachineState, action: PowerAction) {
  const why = state === 'pending' ? 'is still being made' : `is ${state}`
  return conflictError('not_possible', `The machine ${why}, so it cannot be ${POWER_ACTIONS[action].event}.`)
}
