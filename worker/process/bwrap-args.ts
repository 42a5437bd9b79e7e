import { type Config, config } from '@/lib/config/config'
import { unprivilegedArgs, readOnlySystemArgs } from './bwrap-base-args'

/** Where the one input file, and the run's own folder, are seen from inside. */
export const SANDBOX_INPUT_PATH = '/in/media'
export const SANDBOX_OUTPUT_DIR = '/out'

interface SandboxedCommand {
  program: string
  args: string[]
  inputPath?: string
  outputDir?: string
}

/**
 * The command line that runs a program where it sees nothing but the system (read-only), its input
 * (read-only) and its output folder; no network, nobody's rights, no other process.
 *
 * `MEDIA_SANDBOX=off` gives this up, for machines where bubblewrap cannot work (some containers).
 */
export function buildSandboxCommand(
  run: SandboxedCommand,
  sandbox: Config['MEDIA_SANDBOX'] = config().MEDIA_SANDBOX,
) {
  if (sandbox === 'off') return [run.program, ...run.args.map((arg) => toHostPaths(arg, run))]
  return [
    'bwrap',
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    ...unprivilegedArgs,
    '--setenv',
    'HOME',
    '/nonexistent',
    ...readOnlySystemArgs,
    '--tmpfs',
    '/tmp',
    ...(run.inputPath ? ['--ro-bind', run.inputPath, SANDBOX_INPUT_PATH] : []),
    ...(run.outputDir
      ? ['--bind', run.outputDir, SANDBOX_OUTPUT_DIR, '--chdir', SANDBOX_OUTPUT_DIR]
      : ['--chdir', '/tmp']),
    '--remount-ro',
    '/',
    '--',
    run.program,
    ...run.args,
  ]
}

function toHostPaths(arg: string, { inputPath, outputDir }: SandboxedCommand) {
  if (inputPath && arg === SANDBOX_INPUT_PATH) return inputPath
  if (outputDir && arg.startsWith(`${SANDBOX_OUTPUT_DIR}/`))
    return outputDir + arg.slice(SANDBOX_OUTPUT_DIR.length)
  return arg
}
