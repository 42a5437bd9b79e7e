import type { Tx } from '../database/db'
import { AppError } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import type { MachineState } from '../generated/prisma/enums'
import { defineTransitions } from '../state-machine'

export type { MachineState }

/**
 * The only moves a machine may make. `running → stopped` and `running → failed` are what the host saw
 * happen without being asked; `failed → pending` is a person's "try again".
 */
export const machineTransitions = defineTransitions<MachineState>({
  pending: ['pending', 'running', 'failed', 'terminating', 'terminated'],
  running: ['running', 'stopping', 'rebooting', 'stopped', 'failed', 'terminating'],
  stopping: ['stopped', 'running', 'failed', 'terminating'],
  stopped: ['starting', 'running', 'failed', 'terminating'],
  starting: ['running', 'stopped', 'failed', 'terminating'],
  rebooting: ['running', 'stopped', 'failed', 'terminating'],
  failed: ['pending', 'terminating'],
  terminating: ['terminating', 'terminated'],
  terminated: [],
})

/**
 * Moves a machine, together with `data`, from whatever state allows it.
 * @throws {AppError} machine.busy when none does.
 */
export async function transitionMachine(
  tx: Tx,
  move: { id: string; to: MachineState; data?: Omit<Prisma.MachineUncheckedUpdateManyInput, 'state'> },
) {
  const { count } = await tx.machine.updateMany({
    where: { id: move.id, state: { in: machineTransitions.statesBefore(move.to) } },
    data: { ...move.data, state: move.to },
  })
  if (count > 0) return
  throw new AppError({
    code: 'machine.busy',
    message: 'Something else is being done with this machine.',
    status: 409,
  })
}
