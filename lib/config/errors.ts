import type { z } from 'zod'

/** Names every invalid setting, one line each. */
export class ConfigError extends Error {
  constructor(error: Pick<z.ZodError, 'issues'> | { issues: { path: string[]; message: string }[] }) {
    const lines = error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    super(`Invalid configuration:\n${lines.join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** Prints a ConfigError and exits with status 1. @throws any other error */
export function exitOnConfigError(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
