import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../db'
import { AppError, notFound } from '../errors'
import { type Machine, Prisma } from '../generated/prisma/client'
import { cancelTask } from '../tasks/control'
import { enqueueTask } from '../tasks/enqueue'
import type { TaskKind } from '../tasks/kind'
import { unfinished } from '../tasks/queries'
import type { MachineChange } from './contract'
import { addMachineEvent } from './events'
import {
  rebootMachine,
  resizeMachine,
  startMachine,
  stateKinds,
  stopMachine,
  terminateMachine,
} from './kinds'
import { leastOf, refuseTooSmall } from './least'
import { checkQuota } from './quota'
import type { NamedSize } from './sizes'
import { machineMoves, type MachineState, moveMachine } from './state'

interface Target {
  db: Db
  boss: PgBoss
  id: string
  ownerId: string
  /** Who asks. Null: the app itself, for `reason`. */
  actorId: string | null
  reason?: string
}

const ACTIONS = {
  start: { kind: startMachine, to: 'starting', desired: 'running', event: 'started' },
  stop: { kind: stopMachine, to: 'stopping', desired: 'stopped', event: 'stopped' },
  reboot: { kind: rebootMachine, to: 'rebooting', desired: 'running', event: 'rebooted' },
} as const
export type MachineAction = keyof typeof ACTIONS

/**
 * Has a machine started, stopped or rebooted. One that is already there or on its way stays so.
 * @throws {AppError} machine.not_found, machine.busy, machine.not_possible
 */
export async function changeMachine(target: Target, action: MachineAction) {
  const { kind, to, desired, event } = ACTIONS[action]
  await target.db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    const isThere = machine.state === to || (action !== 'reboot' && machine.state === desired)
    if (isThere) {
      // It may be here against what was asked for before, and is to stay.
      if (machine.desired !== desired)
        await tx.machine.update({ where: { id: machine.id }, data: { desired } })
      return
    }
    if (!machineMoves.canMove(machine.state, to)) throw notPossible(machine.state, action)
    await refuseIfBusy(tx, machine.id)
    await moveMachine(tx, { id: machine.id, to, data: { desired, error: Prisma.DbNull } })
    await note(tx, target, event)
    await enqueueFor(tx, target.boss, machine, kind)
  })
}

/**
 * Ends a machine for good, from whatever state it is in; work on it is canceled.
 * Terminating a terminated one changes nothing.
 * @throws {AppError} machine.not_found, machine.protected
 */
export async function terminate(target: Target) {
  const { db, boss, id, ownerId } = target
  const asked = await db.machine.findFirst({ where: { id, ownerId } })
  if (asked?.isProtected && asked.state !== 'failed')
    throw refused('protected', 'This machine is protected. Take the protection off first.')
  // In the order in which runs lock: the task, then its machine.
  const running = await db.task.findMany({
    where: { machineId: id, ownerId, ...unfinished, kind: { not: terminateMachine.name } },
  })
  for (const task of running)
    await cancelTask({ db, boss, taskId: task.id, ownerId }).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error
    })
  await db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    if (machine.state === 'terminated' || machine.state === 'terminating') return
    const end = { desired: 'terminated', error: Prisma.DbNull } as const
    await note(tx, target, 'terminated')
    if (!machine.hostId) {
      // No host has taken it: there is nothing to remove.
      await tx.machine.update({
        where: { id },
        data: { ...end, state: 'terminated', terminatedAt: new Date() },
      })
      return
    }
    await moveMachine(tx, { id, to: 'terminating', data: end })
    await enqueueFor(tx, boss, machine, terminateMachine)
  })
}

/**
 * @throws {AppError} machine.not_found, machine.busy, machine.not_stopped, machine.disk_shrinks, machine.too_small,
 *   machine.quota_exceeded
 */
export async function resize(target: Target, size: NamedSize) {
  await target.db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    if (machine.state !== 'stopped') throw refused('not_stopped', 'Stop the machine first.')
    if (size.diskMiB < machine.diskMiB) throw refused('disk_shrinks', 'A disk can grow, but not shrink.')
    await refuseIfBusy(tx, machine.id)
    const least = await leastOf(tx, machine)
    if (least) refuseTooSmall({ ...size, diskMiB: Math.max(size.diskMiB, least.diskMiB) }, least)
    const more = {
      cpus: size.cpus - machine.cpus,
      memoryMiB: size.memoryMiB - machine.memoryMiB,
      diskMiB: size.diskMiB - machine.diskMiB,
    }
    await checkQuota(tx, { ownerId: target.ownerId, more })
    await note(tx, target, 'resized', size.name)
    const { id, ownerId, hostId } = machine
    const payload = { machineId: id, size }
    await enqueueTask(tx, target.boss, { kind: resizeMachine, payload, ownerId, machineId: id, hostId })
  })
}

/** Name, tags, protection, time to live. @throws {AppError} machine.not_found */
export async function editMachine(target: Omit<Target, 'boss'>, change: MachineChange) {
  const { ttlMinutes, ...data } = change
  const expiresAt = ttlMinutes ? new Date(Date.now() + ttlMinutes * 60_000) : null
  await target.db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    await tx.machine.update({
      where: { id: machine.id },
      data: { ...data, ...(ttlMinutes === undefined ? {} : { expiresAt }) },
    })
    const told = Object.entries(change).map(([key, value]) => `${key}: ${String(value)}`)
    await note(tx, target, 'changed', told.join(', ').slice(0, 500))
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
export async function refuseIfBusy(tx: Tx, machineId: string) {
  const open = await tx.task.count({ where: { machineId, ...unfinished, kind: { in: stateKinds } } })
  if (open > 0)
    throw refused('busy', 'Something else is being done with this machine. Wait until it is done.')
}

/** Puts work for a machine in the lane of its host. */
const enqueueFor = <K extends TaskKind>(tx: Tx, boss: PgBoss, machine: Machine, kind: K) =>
  enqueueTask(tx, boss, {
    kind,
    payload: { machineId: machine.id } as never,
    ownerId: machine.ownerId,
    machineId: machine.id,
    hostId: machine.hostId,
  })

const note = (tx: Tx, { id, actorId, reason }: Omit<Target, 'boss'>, action: string, detail?: string) =>
  addMachineEvent(tx, { machineId: id, actorId, action, detail: detail ?? reason })

const refused = (code: string, message: string) =>
  new AppError({ code: `machine.${code}`, message, status: 409 })

function notPossible(state: MachineState, action: MachineAction) {
  const why = state === 'pending' ? 'is still being made' : `is ${state}`
  return refused('not_possible', `The machine ${why}, so it cannot be ${ACTIONS[action].event}.`)
}
