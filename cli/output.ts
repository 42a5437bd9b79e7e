import type { Writable } from 'node:stream'
import { toPrintableJson } from '../lib/text/printable-json'

interface Options {
  stdout: Writable
  stderr: Writable & { isTTY?: boolean; columns?: number; rows?: number }
  isJson: boolean
}

/** Prints results to stdout and everything else to stderr. With `--json`, stdout is JSON, one document per line. */
export class Output {
  constructor(private readonly options: Options) {}

  get isJson() {
    return this.options.isJson
  }

  /** Where progress is shown; its size if it is a terminal. */
  get terminal() {
    const { stderr } = this.options
    return {
      stream: stderr,
      isTty: Boolean(stderr.isTTY),
      columns: stderr.columns ?? 80,
      rows: stderr.rows ?? 24,
    }
  }

  /** Prints a result: `data` with `--json`, otherwise the lines. */
  result(data: unknown, ...lines: string[]) {
    if (this.isJson) return void this.options.stdout.write(`${toPrintableJson(data)}\n`)
    for (const line of lines) this.options.stdout.write(`${toPlainText(line)}\n`)
  }

  /** Prints rows in columns below a header. */
  table(data: unknown, header: string[], rows: string[][]) {
    if (rows.length === 0 && !this.isJson) return this.note('None.')
    const lines = [header, ...rows].map((row) => row.map(toPlainText))
    const widths = header.map((_, column) => Math.max(...lines.map((row) => row[column]!.length)))
    const format = (row: string[]) =>
      row
        .map((cell, n) => cell.padEnd(widths[n]!))
        .join('  ')
        .trimEnd()
    this.result(data, ...lines.map(format))
  }

  /** Prints a line for the user, which is no result. */
  note(line: string) {
    this.options.stderr.write(`${toPlainText(line)}\n`)
  }
}

/** Replaces control characters: names come from other programs, and could drive the terminal. */
export const toPlainText = (text: string) => text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ')
