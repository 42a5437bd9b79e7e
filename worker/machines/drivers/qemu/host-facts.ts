import { errorMessage } from '@/lib/errors'
import type { HypervisorFacts } from '@/worker/machines/hypervisor'
import { runProgram } from '@/worker/process/run-program'
import { buildSandboxCommand } from './lifecycle/qemu-sandbox'
import * as messages from '@/lib/generated/messages/machine-host-texts'

const PROBE_TIMEOUT_MS = 20_000

/** Returns the version of QEMU, such as "7.2.22". @throws {AppError} machine.program_missing */
export async function readQemuVersion() {
  const text = await runProgram({
    file: 'qemu-system-x86_64',
    args: ['--version'],
    timeoutMs: PROBE_TIMEOUT_MS,
  })
  return /version (\d[\w.+~-]*)/.exec(text)?.[1] ?? 'unknown'
}

/**
 * Runs QEMU, qemu-img and the sandbox to check that machines can run on this host. Returns null, or the problem and its fix
 * for the operator.
 */
export async function findQemuProblem({ isConfined, folder }: { isConfined: boolean; folder: string }) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return messages.needsLinux()
  try {
    await readQemuVersion()
    await runProgram({ file: 'qemu-img', args: ['--version'], timeoutMs: PROBE_TIMEOUT_MS })
  } catch (error) {
    return messages.qemuMissing({ value: errorMessage(error) })
  }
  if (!isConfined) return null
  const [file, ...args] = buildSandboxCommand({
    args: ['--version'],
    guestFolder: folder,
    readable: [],
    devices: [],
    lifetime: 'worker',
    network: 'none',
  })
  try {
    await runProgram({ file: file!, args, timeoutMs: PROBE_TIMEOUT_MS })
    return null
  } catch (error) {
    return messages.sandboxBroken({ value: errorMessage(error) })
  }
}

function describeIsolation({ isAccelerated, isConfined }: { isAccelerated: boolean; isConfined: boolean }) {
  if (isAccelerated) return isConfined ? messages.noteKvm() : messages.noteKvmUnconfined()
  return isConfined ? messages.noteEmulated() : messages.noteEmulatedUnconfined()
}

export function describeQemuHost(host: {
  version: string
  isAccelerated: boolean
  isConfined: boolean
  problem: string | null
  outboundProblem: string | null
}): HypervisorFacts {
  return {
    version: host.version,
    fleet: null,
    kinds: ['vm'],
    isAccelerated: host.isAccelerated,
    note: describeIsolation(host),
    problem: host.problem,
    outboundProblem: host.outboundProblem,
  }
}
