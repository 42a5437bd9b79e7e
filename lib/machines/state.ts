import type { Db, Tx } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import type { MachineState } from '../generated/prisma/enums'
import { defineTransitions } from '../state-machine'
import { machineConflict } from './errors'
import * as messages from '../generated/messages/machine-errors'

export type { MachineState }

/**
 * The machine state table. `running → stopped` and `running → failed` also happen without a request, when the host
 * observes them; `failed → pending` is a retry.
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

interface Transition {
  id: string
  /** Default: all states from which the table allows `to`. */
  from?: MachineState
  to: MachineState
  /** Applies only to this version of the row. */
  version?: number
  data?: Omit<Prisma.MachineUncheckedUpdateManyInput, 'state'>
}

/**
 * Moves a machine to another state and writes `data` with it. Only this function writes `machine.state`.
 * @returns false if the table does not allow it from the current state, or the row has changed
 */
export async function tryTransitionMachine(tx: Tx | Db, { id, from, to, version, data }: Transition) {
  const states = machineTransitions.statesBefore(to)
  const { count } = await tx.machine.updateMany({
    where: { id, version, state: { in: from ? states.filter((state) => state === from) : states } },
    data: { ...data, state: to },
  })
  return count > 0
}

/** As `tryTransitionMachine`. @throws {AppError} machine.busy instead of returning false */
export async function transitionMachine(tx: Tx | Db, transition: Transition) {
  if (await tryTransitionMachine(tx, transition)) return
  throw machineConflict('busy', messages.busy())
}
