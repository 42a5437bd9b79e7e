import type { Command } from './command'

const FOOTER = `
Every command takes --json, which prints one JSON document per line, and --help.

Environment:
  MEANWHILE_URL      The server. Default: http://127.0.0.1:3000
  MEANWHILE_API_KEY  An API key, in place of the one that login saves
  MEANWHILE_CONFIG   The file that login writes. Default: ~/.config/meanwhile/config.json

Exit codes:
  0  Done
  1  The work failed or was canceled, or the server refused the request
  2  The command line is not understood
  3  No valid API key, or one without the scope
  4  The server does not respond
  130  Ctrl-C. What the server does continues
`

export function printUsage(commands: Record<string, Command>) {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(18)}${summary}`)
  return `Usage: meanwhile COMMAND [ARGUMENTS]\n\n${lines.join('\n')}\n${FOOTER}`
}

export const printCommandUsage = (name: string, { usage, summary }: Command) =>
  `Usage: meanwhile ${name} ${usage}\n\n${summary}.\n`
