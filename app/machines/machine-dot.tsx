import type { MachineDto } from '@/lib/machines/contract'
import { isChanging, machineStateText } from './machine-words'

function lookOf(machine: MachineDto) {
  if (machine.state === 'failed') return 'bg-destructive'
  if (machine.host?.isLost) return 'bg-warning'
  if (isChanging(machine)) return 'bg-primary motion-safe:animate-pulse'
  if (machine.error) return 'bg-warning'
  return machine.state === 'running' ? 'bg-primary' : 'bg-muted-foreground/50'
}

/** The state of a machine as a sign. */
export function MachineDot({ machine }: { machine: MachineDto }) {
  return (
    <span
      role="img"
      aria-label={machineStateText(machine)}
      className={`size-2.5 shrink-0 rounded-full ${lookOf(machine)}`}
    />
  )
}
