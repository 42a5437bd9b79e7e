import { parseArgs } from 'node:util'
import { ApiError, MeanwhileClient } from '../client/client'
import type { CliContext, Command } from './command'
import { CliError, EXIT, usageError } from './exit-codes'
import { consoleCommand } from './commands/console'
import { loginCommand } from './commands/login'
import { machineCommands } from './commands/machines'
import { taskCommands } from './commands/tasks'
import { uploadCommand } from './commands/upload'
import { videoCommands } from './commands/videos'
import { waitCommand } from './commands/wait'
import { Output } from './output'
import { readSettings } from './settings'
import { printCommandUsage, printUsage } from './usage'

const COMMANDS: Record<string, Command> = {
  login: loginCommand,
  upload: uploadCommand,
  ...videoCommands,
  ...taskCommands,
  ...machineCommands,
  console: consoleCommand,
  wait: waitCommand,
}

/** Runs the command line tool. Resolves to its exit code. */
export async function runCli(argv: string[]): Promise<number> {
  const output = new Output({
    stdout: process.stdout,
    stderr: process.stderr,
    isJson: argv.includes('--json'),
  })
  const { context, interrupted } = createContext(output)
  try {
    const found = findCommand(argv)
    if (!found) return printHelp(argv)
    const { name, command, rest } = found
    const { values, positionals } = parseCommandLine(command, rest)
    if (values.help) {
      process.stdout.write(printCommandUsage(name, command))
      return EXIT.ok
    }
    if (positionals.length < command.minArguments || positionals.length > command.maxArguments)
      throw usageError(`Usage: meanwhile ${name} ${command.usage}`)
    return (await command.run(context, { args: positionals, flags: values })) ?? EXIT.ok
  } catch (error) {
    if (context.signal.aborted) return interrupted()
    return reportError(output, error)
  }
}

/** Commands have one word or two. */
function findCommand(argv: string[]) {
  for (const words of [2, 1]) {
    const name = argv.slice(0, words).join(' ')
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (command) return { name, command, rest: argv.slice(words) }
  }
  return null
}

function parseCommandLine({ options }: Command, args: string[]) {
  const common = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ...options, ...common },
    })
    return { positionals, values: values as Record<string, string | boolean | undefined> }
  } catch (error) {
    throw usageError((error as Error).message)
  }
}

/** Help that is requested is a result; otherwise it explains an error. */
function printHelp(argv: string[]) {
  const isRequested = ['help', '--help', '-h'].includes(argv[0] ?? '')
  ;(isRequested ? process.stdout : process.stderr).write(printUsage(COMMANDS))
  return isRequested ? EXIT.ok : EXIT.usage
}

function createContext(output: Output) {
  const abort = new AbortController()
  let hint = ''
  process.once('SIGINT', () => {
    abort.abort(new CliError('Interrupted.', EXIT.interrupted))
    // A second Ctrl-C does not wait.
    process.once('SIGINT', () => process.exit(EXIT.interrupted))
  })
  const context: CliContext = {
    output,
    signal: abort.signal,
    connect: async () => new MeanwhileClient(await readSettings()),
    onInterrupt: (text) => void (hint = text),
  }
  return {
    context,
    interrupted() {
      if (hint) for (const line of hint.split('\n')) output.note(line)
      return EXIT.interrupted
    },
  }
}

function reportError(output: Output, error: unknown) {
  if (error instanceof CliError) {
    for (const line of error.message.split('\n')) output.note(line)
    return error.exitCode
  }
  if (error instanceof ApiError) {
    output.note(error.message)
    return [401, 403].includes(error.status) ? EXIT.unauthorized : EXIT.failed
  }
  const { cause, message } = error as Error & { cause?: { code?: string } }
  // How `fetch` reports that there is no response.
  if (error instanceof TypeError && cause) {
    output.note(`The server does not respond (${cause.code ?? message}).`)
    return EXIT.unreachable
  }
  output.note(message)
  return EXIT.failed
}
