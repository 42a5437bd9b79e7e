import { AppError } from '@/lib/errors'
import type { HypervisorFacts } from '@/worker/machines/hypervisor'
import { runProgram } from '@/worker/process/run-program'
import { buildSandboxCommand } from './lifecycle/qemu-sandbox'

const PROBE_TIMEOUT_MS = 20_000

/** "7.2.22". @throws {AppError} machine.program_missing */
export async function readQemuVersion() {
  const text = await runProgram({
    file: 'qemu-system-x86_64',
    args: ['--version'],
    timeoutMs: PROBE_TIMEOUT_MS,
  })
  return /version (\d[\w.+~-]*)/.exec(text)?.[1] ?? 'unknown'
}

/** Tries every part of it for real. Null when machines can be run here; else what to do, for an administrator. */
export async function findQemuProblem(given: { isConfined: boolean; folder: string }) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'Machines are run on Linux on x86-64 only.'
  try {
    await readQemuVersion()
    await runProgram({ file: 'qemu-img', args: ['--version'], timeoutMs: PROBE_TIMEOUT_MS })
  } catch (error) {
    return `QEMU is missing: sudo apt-get install --no-install-recommends qemu-system-x86 qemu-utils (${messageOf(error)})`
  }
  if (!given.isConfined) return null
  const [file, ...args] = buildSandboxCommand({
    args: ['--version'],
    folder: given.folder,
    readable: [],
    devices: [],
    lifetime: 'worker',
    network: 'none',
  })
  try {
    await runProgram({ file: file!, args, timeoutMs: PROBE_TIMEOUT_MS })
    return null
  } catch (error) {
    return `The sandbox around machines (bubblewrap) cannot start a program here: ${messageOf(error)}`
  }
}

const messageOf = (error: unknown) => (error instanceof AppError ? error.message : String(error))

export function describeQemuHost(given: {
  version: string
  isAccelerated: boolean
  isConfined: boolean
  problem: string | null
  outboundProblem: string | null
}): HypervisorFacts {
  const speed = given.isAccelerated
    ? 'Machines run on the processor itself (KVM), at nearly its speed.'
    : 'Machines run in software, because this server has no working KVM: everything inside takes several times longer, and the wall around them is the emulator and its sandbox, not the processor.'
  const wall = given.isConfined ? '' : ' The sandbox around the emulator is switched off.'
  return {
    version: given.version,
    isAccelerated: given.isAccelerated,
    note: speed + wall,
    problem: given.problem,
    outboundProblem: given.outboundProblem,
  }
}
