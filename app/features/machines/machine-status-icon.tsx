import type { MachineDto } from '@/lib/machines/schema'
import { isTransitioning, machineStateLabel } from './machine-state'

function statusClass(machine: MachineDto) {
  if (machine.state === 'failed') return 'bg-destructive'
  if (machine.host?.isLost) return 'bg-warning'
  if (isTransitioning(machine)) return 'bg-primary motion-safe:animate-pulse'
  if (machine.error) return 'bg-warning'
  return machine.state === 'running' ? 'bg-primary' : 'bg-muted-foreground/50'
}

/** The state of a machine as a colored dot. */
export function MachineStatusIcon({ machine }: { machine: MachineDto }) {
  return (
    <span
      role="img"
      aria-label={machineStateLabel(machine)}
      className={`size-2.5 shrink-0 rounded-full ${statusClass(machine)}`}
    />
  )
}
