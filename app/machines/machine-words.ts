import type { MachineDto } from '@/lib/machines/contract'

/** The one wording of the states of a machine. */
const machineStateNames = {
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

export const machineStateText = ({ state, host }: Pick<MachineDto, 'state' | 'host'>) =>
  host?.isLost && state !== 'terminated' && state !== 'failed' ? 'Out of reach' : machineStateNames[state]

/** On its way from one state to another. */
export const isChanging = ({ state }: Pick<MachineDto, 'state'>) =>
  ['pending', 'stopping', 'starting', 'rebooting', 'terminating'].includes(state)
