import { type Config, config } from '@/lib/config'
import { asNobody, readOnlySystem } from './read-only-system'

/** Where the one input file, and the run's own folder, are seen from inside. */
export const GUEST_INPUT = '/in/media'
export const GUEST_OUTPUT = '/out'

interface Confined {
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
export function confine(run: Confined, sandbox: Config['MEDIA_SANDBOX'] = config().MEDIA_SANDBOX) {
  if (sandbox === 'off') return [run.program, ...run.args.map((arg) => toHostPaths(arg, run))]
  return [
    'bwrap',
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    ...asNobody,
    '--setenv',
    'HOME',
    '/nonexistent',
    ...readOnlySystem,
    '--tmpfs',
    '/tmp',
    ...(run.inputPath ? ['--ro-bind', run.inputPath, GUEST_INPUT] : []),
    ...(run.outputDir
      ? ['--bind', run.outputDir, GUEST_OUTPUT, '--chdir', GUEST_OUTPUT]
      : ['--chdir', '/tmp']),
    '--remount-ro',
    '/',
    '--',
    run.program,
    ...run.args,
  ]
}

function toHostPaths(arg: string, { inputPath, outputDir }: Confined) {
  if (inputPath && arg === GUEST_INPUT) return inputPath
  if (outputDir && arg.startsWith(`${GUEST_OUTPUT}/`)) return outputDir + arg.slice(GUEST_OUTPUT.length)
  return arg
}
