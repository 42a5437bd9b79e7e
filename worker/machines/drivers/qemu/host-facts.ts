import { errorMessage } from '@/lib/errors'
import type { HypervisorFacts } from '@/worker/machines/hypervisor'
import { runProgram } from '@/worker/process/run-program'
import { buildSandboxCommand } from './lifecycle/qemu-sandbox'

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
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Machines need Linux on x86-64.'
  try {
    await readQemuVersion()
    await runProgram({ file: 'qemu-img', args: ['--version'], timeoutMs: PROBE_TIMEOUT_MS })
  } catch (error) {
    return `QEMU is missing: sudo apt-get install --no-install-recommends qemu-system-x86 qemu-utils (${errorMessage(error)})`
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
    return `The sandbox around machines (bubblewrap) cannot start a program here: ${errorMessage(error)}`
  }
}

export function describeQemuHost(host: {
  version: string
  isAccelerated: boolean
  isConfined: boolean
  problem: string | null
  outboundProblem: string | null
}): HypervisorFacts {
  const speed = host.isAccelerated
    ? 'Machines use hardware virtualization (KVM) and run at nearly native speed.'
    : 'No working KVM on this server: machines run several times slower and are isolated by the emulator and its sandbox, not by hardware.'
  const sandbox = host.isConfined ? '' : ' The sandbox around the emulator is turned off.'
  return {
    version: host.version,
    fleet: null,
    kinds: ['vm'],
    isAccelerated: host.isAccelerated,
    note: speed + sandbox,
    problem: host.problem,
    outboundProblem: host.outboundProblem,
  }
}
