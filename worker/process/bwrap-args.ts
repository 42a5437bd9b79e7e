import { type Config, config } from '@/lib/config/config'
import {
  bwrapCommand,
  deviceArgs,
  readOnlySystemArgs,
  sealArgs,
  temporaryFolderArgs,
  unprivilegedArgs,
} from './bwrap-base-args'

/** Paths of the input file and the output directory inside the sandbox. */
export const SANDBOX_INPUT_PATH = '/in/media'
export const SANDBOX_OUTPUT_DIR = '/out'

interface SandboxedCommand {
  program: string
  args: string[]
  inputPath?: string
  /** Further files and folders that are visible at their own paths, read-only. */
  readOnlyPaths?: readonly string[]
  outputDir?: string
  devices?: readonly string[]
  env?: Record<string, string>
}

/**
 * Builds the bubblewrap command that runs a program unprivileged, without network or other processes, where it sees
 * only the system (read-only), its input (read-only) and its output directory.
 *
 * `MEDIA_SANDBOX=off` runs it directly, for servers where bubblewrap cannot work (some containers).
 */
export function buildSandboxCommand(
  command: SandboxedCommand,
  sandbox: Config['MEDIA_SANDBOX'] = config().MEDIA_SANDBOX,
) {
  if (sandbox === 'off') return [command.program, ...command.args.map((arg) => toHostPath(arg, command))]
  return [
    ...bwrapCommand(),
    '--die-with-parent',
    '--new-session',
    ...unprivilegedArgs(),
    ...Object.entries({ HOME: '/nonexistent', ...command.env }).flatMap((pair) => ['--setenv', ...pair]),
    ...readOnlySystemArgs,
    ...temporaryFolderArgs(),
    ...deviceArgs(command.devices ?? []),
    ...(command.inputPath ? ['--ro-bind', command.inputPath, SANDBOX_INPUT_PATH] : []),
    ...(command.readOnlyPaths ?? []).flatMap((file) => ['--ro-bind', file, file]),
    ...(command.outputDir
      ? ['--bind', command.outputDir, SANDBOX_OUTPUT_DIR, '--chdir', SANDBOX_OUTPUT_DIR]
      : ['--chdir', '/tmp']),
    ...sealArgs,
    '--',
    command.program,
    ...command.args,
  ]
}

function toHostPath(arg: string, { inputPath, outputDir }: SandboxedCommand) {
  if (inputPath && arg === SANDBOX_INPUT_PATH) return inputPath
  if (outputDir && arg.startsWith(`${SANDBOX_OUTPUT_DIR}/`))
    return outputDir + arg.slice(SANDBOX_OUTPUT_DIR.length)
  return arg
}
