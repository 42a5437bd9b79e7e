import { config } from '@/lib/config/config'
import { buildSandboxCommand } from './bwrap-args'
import { spawnGroup } from './process-group'
import { programEnv } from './program-env'
import { runProgram } from './run-program'
import { errorMessage } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/process-problems'

export interface SandboxStatus {
  /** False if the sandbox does not work or is turned off. */
  available: boolean
  /** The version of bubblewrap. */
  version: string | null
  /** Why files cannot be opened, for an administrator; null if they can. */
  problem: string | null
  /** The risk of opening files without isolation; null if the sandbox is on. */
  warning: string | null
}

const CHECK_TIMEOUT_MS = 10_000

/** Runs a short program in the sandbox. Never throws. */
export async function checkSandbox(sandbox = config().MEDIA_SANDBOX): Promise<SandboxStatus> {
  const version = await readBubblewrapVersion()
  if (sandbox === 'off') {
    const warning = messages.sandboxOff()
    return { available: false, version, problem: null, warning }
  }
  const problem = version ? await findSandboxProblem() : messages.bubblewrapMissing()
  return { available: problem === null, version, problem, warning: null }
}

const readBubblewrapVersion = () =>
  runProgram({ file: 'bwrap', args: ['--version'], timeoutMs: CHECK_TIMEOUT_MS }).then(
    (stdout) => stdout.trim().split(' ').at(-1) ?? null,
    () => null,
  )

async function findSandboxProblem() {
  const [file, ...args] = buildSandboxCommand({ program: 'ffmpeg', args: ['-version'] }, 'on')
  const tryProgram = async () => {
    const group = spawnGroup({ file: file!, args, env: programEnv(), wallClockMs: CHECK_TIMEOUT_MS })
    group.child.stdout!.resume()
    const { code, stderr, limit } = await group.exited
    return code === 0 ? null : stderr.trim().split('\n')[0] || (limit ?? `exit code ${code}`)
  }
  const reason = await tryProgram().catch(errorMessage)
  return reason && messages.bubblewrapBroken({ value: reason })
}
