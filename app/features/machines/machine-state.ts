import type { MachineDto } from '@/lib/machines/schema'

/** The label of each machine state, used everywhere in the interface. */
const machineStateLabels = {
  pending: 'Provisioning',
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
  host?.isLost && state !== 'terminated' && state !== 'failed' ? 'Unreachable' : machineStateLabels[state]

export const isTransitioning = ({ state }: Pick<MachineDto, 'state'>) =>
  ['pending', 'stopping', 'starting', 'rebooting', 'terminating'].includes(state)
