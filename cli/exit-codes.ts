/** Exit codes of the command line tool. They never change once released. */
export const EXIT = {
  ok: 0,
  /** The work failed or was canceled, or the server refused the request. */
  failed: 1,
  /** The command line is not understood. */
  usage: 2,
  /** There is no API key, it is not valid, or it lacks a scope. */
  unauthorized: 3,
  /** The server does not respond. */
  unreachable: 4,
  /** Ctrl-C: what the server does continues. */
  interrupted: 130,
} as const

/** An error that ends the command with a message and an exit code. */
export class CliError extends Error {
  override name = 'CliError'

  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(message)
  }
}

export const usageError = (message: string) => new CliError(message, EXIT.usage)
