import { config } from '@/lib/config/config'
import {
  baseLimitArgs,
  bwrapCommand,
  readOnlySystemArgs,
  sealArgs,
  temporaryFolderArgs,
  unprivilegedArgs,
} from '@/worker/process/bwrap-base-args'
import { nicenessArgs, NICENESS } from '@/worker/process/niceness'

export interface SandboxedFiles {
  readable?: string[]
  /** Must exist. */
  writable?: string[]
}

/** Limit of its address space. */
const MEMORY_BYTES = 4 * 1024 ** 3

/**
 * Builds the command that runs qemu-img in bubblewrap, where it sees the system and the given files, at the same paths,
 * and nothing else: a header in a disk cannot make it open any other file. MACHINE_SANDBOX=off runs it directly.
 */
export function buildQemuImgCommand(
  args: string[],
  { readable = [], writable = [] }: SandboxedFiles,
  sandbox = config().MACHINE_SANDBOX,
) {
  const priority = nicenessArgs(NICENESS.machine, 'machines')
  const limits = ['prlimit', `--as=${MEMORY_BYTES}`, ...baseLimitArgs, '--', ...priority]
  if (sandbox === 'off') return [...limits, 'qemu-img', ...args]
  return [
    limits,
    bwrapCommand(),
    ['--die-with-parent', '--new-session'],
    unprivilegedArgs(),
    readOnlySystemArgs,
    temporaryFolderArgs(),
    readable.flatMap((file) => ['--ro-bind', file, file]),
    writable.flatMap((file) => ['--bind', file, file]),
    ['--chdir', '/', ...sealArgs, '--', 'qemu-img', ...args],
  ].flat()
}
