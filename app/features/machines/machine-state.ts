import type { MachineDto } from '@/lib/machines/schema'

/** The one wording of the states of a machine. */
const machineStateLabels = {
  pending: 'Being made',
  running: 'Running',
  stopping: 'Stopping',
  stopped: 'Stopped',
  starting: 'Starting',
  rebooting: 'Rebooting',
  terminating: 'Terminating',
  terminated: 'Terminated',
  failed: 'Failed',
} as const satisfies Record<MachineDto['state'], string>

export const machineStateLabel = ({ state, host }: Pick<MachineDto, 'state' | 'host'>) =>
  host?.isLost && state !== 'terminated' && state !== 'failed' ? 'Out of reach' : machineStateLabels[state]

/** On its way from one state to another. */
export const isTransitioning = ({ state }: Pick<MachineDto, 'state'>) =>
  ['pending', 'stopping', 'starting', 'rebooting', 'terminating'].includes(state)
