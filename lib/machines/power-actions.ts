import { Prisma } from '../generated/prisma/client'
import { enqueueMachineTask } from './enqueue-machine-task'
import { machineConflict } from './errors'
import { assertNotBusy, lockMachine, type MachineTarget, recordAction } from './lock-machine'
import { notifyAutomaticStop } from './notify-stop'
import { machineTransitions, type MachineState, transitionMachine } from './state'
import { requireMachinePermission } from '../users/permissions'
import { rebootMachineTask, startMachineTask, stopMachineTask } from './tasks'
import * as messages from '../generated/messages/machine-errors'

const POWER_ACTIONS = {
  start: { kind: startMachineTask, to: 'starting', desired: 'running', event: 'started' },
  stop: { kind: stopMachineTask, to: 'stopping', desired: 'stopped', event: 'stopped' },
  reboot: { kind: rebootMachineTask, to: 'rebooting', desired: 'running', event: 'rebooted' },
} as const
export type PowerAction = keyof typeof POWER_ACTIONS

/**
 * Enqueues a start, stop or reboot. Idempotent: does nothing if the machine is in the requested state or moving to it.
 * @throws {AppError} machine.not_found, machine.busy, machine.not_possible, machine.not_allowed,
 *   machine.internet_not_allowed
 */
export async function requestPowerAction(target: MachineTarget, action: PowerAction) {
  const { kind, to, desired, event } = POWER_ACTIONS[action]
  await target.db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    const isReached = machine.state === to || (action !== 'reboot' && machine.state === desired)
    if (isReached) {
      // The machine may have reached this state against its previous desired state.
      if (machine.desired !== desired)
        await tx.machine.update({ where: { id: machine.id }, data: { desired } })
      return
    }
    if (action !== 'stop') await requireMachinePermission(tx, machine.ownerId, machine.network)
    if (!machineTransitions.canTransition(machine.state, to))
      throw actionNotPossibleError(machine.state, action)
    await assertNotBusy(tx, machine.id)
    await transitionMachine(tx, { id: machine.id, to, data: { desired, error: Prisma.DbNull } })
    await recordAction(tx, target, { action: event })
    if (target.notifiesOwner) await notifyAutomaticStop(tx, target.boss, { machine, reason: target.reason })
    await enqueueMachineTask(tx, target.boss, { machine, kind })
  })
}

const actionNotPossibleError = (state: MachineState, action: PowerAction) =>
  machineConflict('not_possible', messages.notPossible({ state, action }))
