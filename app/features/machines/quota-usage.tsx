import type { MachineUsageDto } from '@/lib/machines/quota'
import { formatMebibytes } from '@/lib/machines/sizes'

/** How much of the quota the user’s machines use. */
export function QuotaUsage({ usage }: { usage: MachineUsageDto }) {
  const { machines, cpus, memoryMiB, diskMiB } = usage
  return (
    <p className="text-sm text-muted-foreground tabular-nums">
      Quota used: {machines.used} of {machines.limit} machines, {cpus.used} of {cpus.limit} CPUs,{' '}
      {formatMebibytes(memoryMiB.used)} of {formatMebibytes(memoryMiB.limit)} memory,{' '}
      {formatMebibytes(diskMiB.used)} of {formatMebibytes(diskMiB.limit)} disk
    </p>
  )
}
