import type { MachineUsageDto } from '@/lib/machines/quota'
import { formatMebibytes } from '@/lib/machines/sizes'
import * as messages from '@/lib/generated/messages/machines'

/** How much of the quota the user’s machines use. */
export function QuotaUsage({ usage }: { usage: MachineUsageDto }) {
  const { machines, cpus, memoryMiB, diskMiB } = usage
  return (
    <p className="text-sm text-muted-foreground tabular-nums">
      {messages.quotaUsed({
        machines: machines.used,
        machinesLimit: machines.limit,
        cpus: cpus.used,
        cpusLimit: cpus.limit,
        memory: formatMebibytes(memoryMiB.used),
        memoryLimit: formatMebibytes(memoryMiB.limit),
        disk: formatMebibytes(diskMiB.used),
        diskLimit: formatMebibytes(diskMiB.limit),
      })}
    </p>
  )
}
