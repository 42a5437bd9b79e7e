import { baseLimitArgs } from '@/worker/process/bwrap-base-args'
import type { MachineSize } from '@/worker/machines/hypervisor'

/** For the metadata of a disk, and for a console log that grows while no worker truncates it. */
const OVERHEAD_MIB = 1_024

/**
 * Limits the size of each file that `command` writes, including guest memory. SIGXFSZ is ignored, so writes beyond the
 * limit fail (console output is lost) and the machine keeps running.
 */
export function withFileSizeLimit(command: string[], { diskMiB, memoryMiB }: MachineSize) {
  const bytes = (diskMiB + memoryMiB + OVERHEAD_MIB) * 1024 ** 2
  return ['prlimit', `--fsize=${bytes}`, ...baseLimitArgs, '--', 'env', '--ignore-signal=XFSZ', ...command]
}
