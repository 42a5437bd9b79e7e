import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { config } from '@/lib/config/config'
import { buildSandboxCommand } from './bwrap-args'

export interface SandboxStatus {
  /** False also where somebody switched it off. */
  available: boolean
  /** Of bubblewrap. */
  version: string | null
  /** Null when files can be opened; else why not, for an administrator. */
  problem: string | null
  /** What is unsafe about how they are opened, where somebody chose that. */
  warning: string | null
}

const execFileAsync = promisify(execFile)

/** Tries the sandbox for real, with a program that ends at once. Never throws. */
export async function checkSandbox(sandbox = config().MEDIA_SANDBOX): Promise<SandboxStatus> {
  const version = await execFileAsync('bwrap', ['--version'], { timeout: 10_000 })
    .then(({ stdout }) => stdout.trim().split(' ').at(-1) ?? null)
    .catch(() => null)
  const unavailable = (problem: string) => ({ available: false, version, problem, warning: null })
  if (sandbox === 'off') {
    const warning = 'Uploaded files are not isolated from this machine: MEDIA_SANDBOX=off is set.'
    return { available: false, version, problem: null, warning }
  }
  if (!version)
    return unavailable('No uploaded file is opened: bubblewrap is not installed (apt install bubblewrap).')
  const [bwrap, ...args] = buildSandboxCommand({ program: 'ffmpeg', args: ['-version'] }, 'on')
  try {
    await execFileAsync(bwrap!, args, { timeout: 10_000 })
    return { available: true, version, problem: null, warning: null }
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    const why =
      stderr.trim().split('\n')[0] || (error instanceof Error ? error.message.split('\n')[0] : String(error))
    return unavailable(`No uploaded file is opened: bubblewrap cannot start a program here (${why}).`)
  }
}
