import type { Output } from './output'
import { toPlainText } from './output'

const FRAME_MS = 100
const BAR_CELLS = 20
const LABEL_CELLS = 28
/** Without a terminal, progress is printed whenever it has grown by this much. */
const PLAIN_STEP = 0.1

export interface ProgressRow {
  /** Constant while one thing is in progress. */
  id: string
  label: string
  /** What happens: "uploading", "720p". */
  phase: string
  /** From 0 to 1. */
  progress: number
  /** Shown behind the bar: "12.0 MB/s", "2 min left". */
  text?: string
}

/**
 * Shows what is in progress: bars that are redrawn in a terminal, otherwise a line per phase and 10 %. With `--json`,
 * nothing: commands print events instead.
 */
export class ProgressBoard {
  private readonly rows = new Map<string, ProgressRow>()
  private readonly printed = new Map<string, string>()
  private drawnLines = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly output: Output) {}

  update(row: ProgressRow) {
    if (this.output.isJson) return
    if (!this.output.terminal.isTty) return this.printIfNew(row)
    this.rows.set(row.id, row)
    this.timer ??= setTimeout(() => this.draw(), FRAME_MS)
  }

  /** Removes a row. */
  remove(id: string) {
    if (this.rows.delete(id)) this.timer ??= setTimeout(() => this.draw(), FRAME_MS)
  }

  /** Removes a row and those below it, and lets `print` print lines above the others. */
  finish(id: string, print: () => void) {
    for (const row of this.rows.keys()) if (row === id || row.startsWith(`${id} `)) this.rows.delete(row)
    this.erase()
    print()
    this.draw()
  }

  /** Removes all rows. */
  close() {
    this.rows.clear()
    clearTimeout(this.timer)
    this.erase()
  }

  private draw() {
    clearTimeout(this.timer)
    this.timer = undefined
    this.erase()
    const { stream, columns, rows } = this.output.terminal
    const shown = [...this.rows.values()].slice(0, rows - 2)
    const lines = shown.map((row) => formatRow(row).slice(0, columns - 1))
    if (this.rows.size > shown.length) lines.push(`… and ${this.rows.size - shown.length} more`)
    stream.write(lines.map((line) => `${line}\n`).join(''))
    this.drawnLines = lines.length
  }

  private erase() {
    if (this.drawnLines > 0) this.output.terminal.stream.write(`\x1b[${this.drawnLines}A\x1b[J`)
    this.drawnLines = 0
  }

  private printIfNew(row: ProgressRow) {
    const step = Math.floor((row.progress + 1e-9) / PLAIN_STEP) * PLAIN_STEP
    const line = `${row.label}: ${row.phase} ${formatPercent(step)}`
    if (this.printed.get(row.id) === line) return
    this.printed.set(row.id, line)
    this.output.note(line)
  }
}

/** The id of a row that belongs to another one. */
export const toRowId = (parentId: string, name: string) => `${parentId} ${name}`

const formatPercent = (progress: number) => `${Math.floor(progress * 100 + 1e-9)} %`

function formatRow({ label, phase, progress, text = '' }: ProgressRow) {
  const plain = toPlainText(label)
  const name = plain.length > LABEL_CELLS ? `${plain.slice(0, LABEL_CELLS - 1)}…` : plain.padEnd(LABEL_CELLS)
  const done = Math.round(Math.min(1, Math.max(0, progress)) * BAR_CELLS)
  const bar = '█'.repeat(done) + '░'.repeat(BAR_CELLS - done)
  return toPlainText(`${name} ${bar} ${formatPercent(progress).padStart(5)}  ${phase}${text && ` · ${text}`}`)
}
