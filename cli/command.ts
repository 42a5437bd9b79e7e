import type { ParseArgsOptionsConfig } from 'node:util'
import type { MeanwhileClient } from '../client/client'
import type { Output } from './output'

/** What a command may use. */
export interface CliContext {
  output: Output
  /** Aborts at Ctrl-C. */
  signal: AbortSignal
  /** @throws {CliError} without an API key */
  connect(): Promise<MeanwhileClient>
  /** What to print when Ctrl-C ends the command: what continues, and how to return to it. */
  onInterrupt(hint: string): void
}

/** A command of the tool, such as `videos list`. */
export interface Command {
  /** The arguments after its name: `ID [-o FILE]`. */
  usage: string
  summary: string
  options?: ParseArgsOptionsConfig
  /** How many arguments it takes beside its options. */
  minArguments: number
  maxArguments: number
  /** Resolves to the exit code, 0 by default. */
  run(context: CliContext, input: CommandInput): Promise<number | void>
}

export interface CommandInput {
  args: string[]
  flags: Record<string, string | boolean | undefined>
}

/** The value of an option that takes one. */
export const textFlag = ({ flags }: CommandInput, name: string) =>
  typeof flags[name] === 'string' ? flags[name] : undefined
