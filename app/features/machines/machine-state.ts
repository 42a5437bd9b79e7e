import type { MachineDto } from '@/lib/machines/schema'
import * as messages from '@/lib/generated/messages/machines'

/** The label of each machine state, used everywhere in the interface. */
const machineStateLabels = {
  pending: messages.statePending,
  running: messages.stateRunning,
  stopping: messages.stateStopping,
  stopped: messages.stateStopped,
  starting: messages.stateStarting,
  rebooting: messages.stateRebooting,
  terminating: messages.stateTerminating,
  terminated: messages.stateTerminated,
  failed: messages.stateFailed,
} as const satisfies Record<MachineDto['state'], () => string>

export const machineStateLabel = ({ state, host }: Pick<MachineDto, 'state' | 'host'>) =>
  host?.isLost && state !== 'terminated' && state !== 'failed'
    ? messages.stateUnreachable()
    : machineStateLabels[state]()

export const isTransitioning = ({ state }: Pick<MachineDto, 'state'>) =>
  ['pending', 'stopping', 'starting', 'rebooting', 'terminating'].includes(state)
