import type { MachineUsageDto } from '@/lib/machines/quota'
import { mebibytesText } from '@/lib/machines/sizes'

/** What this person uses of what they may. */
export function QuotaLine({ usage }: { usage: MachineUsageDto }) {
  const { machines, cpus, memoryMiB, diskMiB } = usage
  return (
    <p className="text-sm text-muted-foreground tabular-nums">
      You use {machines.used} of {machines.limit} machines, {cpus.used} of {cpus.limit} CPUs,{' '}
      {mebibytesText(memoryMiB.used)} of {mebibytesText(memoryMiB.limit)} memory,{' '}
      {mebibytesText(diskMiB.used)} of {mebibytesText(diskMiB.limit)} disk.
    </p>
  )
}
