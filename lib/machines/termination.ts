import { databaseTimeMs } from '../cluster/database-clock'
import { AppError } from '../errors'
import { Prisma } from '../generated/prisma/client'
import { cancelTask } from '../tasks/commands'
import { whereUnfinished } from '../tasks/queries'
import { enqueueMachineTask } from './enqueue-machine-task'
import { machineConflict } from './errors'
import { lockMachine, type MachineTarget, recordAction } from './lock-machine'
import { notifyAutomaticStop } from './notify-stop'
import { transitionMachine } from './state'
import { terminateMachineTask } from './tasks'
import * as messages from '../generated/messages/machine-errors'

/**
 * Terminates a machine permanently, from any state, and cancels its tasks. Idempotent.
 * @throws {AppError} machine.not_found, machine.protected
 */
export async function requestTermination(target: MachineTarget) {
  const { db, boss, id, ownerId } = target
  const machineBefore = await db.machine.findFirst({ where: { id, ownerId } })
  if (machineBefore?.isProtected && machineBefore.state !== 'failed')
    throw machineConflict('protected', messages.protected())
  // Locks tasks before the machine, in the same order as workers.
  const unfinished = await db.task.findMany({
    where: { machineId: id, ownerId, ...whereUnfinished, kind: { not: terminateMachineTask.name } },
  })
  for (const task of unfinished)
    await cancelTask({ db, boss, taskId: task.id, ownerId }).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error
    })
  await db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    if (machine.state === 'terminated' || machine.state === 'terminating') return
    const data = { desired: 'terminated', error: Prisma.DbNull } as const
    await recordAction(tx, target, { action: 'terminated' })
    if (target.notifiesOwner) await notifyAutomaticStop(tx, boss, { machine, reason: target.reason })
    await transitionMachine(tx, { id, to: 'terminating', data })
    if (machine.hostId) await enqueueMachineTask(tx, boss, { machine, kind: terminateMachineTask })
    // A machine without a host has nothing to remove.
    else
      await transitionMachine(tx, {
        id,
        to: 'terminated',
        data: { terminatedAt: new Date(databaseTimeMs()) },
      })
  })
}
