import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { confine } from './confine'

export interface SandboxStatus {
  /** False also where somebody switched it off. */
  available: boolean
  /** Of bubblewrap. */
  version: string | null
  /** Null when it works; else why not, one sentence for an administrator. */
  problem: string | null
}

const run = promisify(execFile)

/** Tries the sandbox for real, with a program that ends at once. Never throws. */
export async function sandboxStatus(
  env: Record<string, string | undefined> = process.env,
): Promise<SandboxStatus> {
  const version = await run('bwrap', ['--version'], { timeout: 10_000 })
    .then(({ stdout }) => stdout.trim().split(' ').at(-1) ?? null)
    .catch(() => null)
  if (!version)
    return { available: false, version, problem: 'bubblewrap is not installed: apt install bubblewrap' }
  if (env.MEANWHILE_UNSANDBOXED === '1')
    return {
      available: false,
      version,
      problem: 'MEANWHILE_UNSANDBOXED=1 is set: media programs run without a sandbox.',
    }
  const [bwrap, ...args] = confine({ program: 'ffmpeg', args: ['-version'] }, {})
  try {
    await run(bwrap!, args, { timeout: 10_000 })
    return { available: true, version, problem: null }
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    const why =
      stderr.trim().split('\n')[0] || (error instanceof Error ? error.message.split('\n')[0] : String(error))
    return { available: false, version, problem: `bubblewrap cannot start a program here: ${why}` }
  }
}

export const isSandboxAvailable = async () => (await sandboxStatus()).available
