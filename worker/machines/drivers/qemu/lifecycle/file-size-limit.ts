import type { MachineSize } from '@/worker/machines/hypervisor'

/** For a console that prints while no worker keeps it short, and for what a disk needs besides its data. */
const OVERHEAD_MIB = 1_024

/**
 * The command with a limit on every file it writes, its memory's included. What a guest prints beyond that is not
 * written down; nothing ends for it.
 */
export function withFileSizeLimit(command: string[], { diskMiB, memoryMiB }: MachineSize) {
  const bytes = (diskMiB + memoryMiB + OVERHEAD_MIB) * 1024 ** 2
  return ['prlimit', `--fsize=${bytes}`, '--core=0', '--', 'env', '--ignore-signal=XFSZ', ...command]
}
