import type { Terminal } from '@xterm/xterm'
import { createAnnouncer } from '@/app/ui/announcer'
import * as messages from '@/lib/generated/messages/machine-console'

/** Of more lines, only the last ones are read. */
const MAX_READ_LINES = 5

export const summarizeLines = (lines: readonly string[]) => {
  const last = lines.slice(-MAX_READ_LINES).join('\n')
  const skipped = lines.length - MAX_READ_LINES
  return skipped > 0 ? messages.outputSkipped({ count: skipped, last }) : last
}

interface Options {
  /** Whether new lines are for the user: not those of a recording, or while the focus is elsewhere. */
  isListening(): boolean
  publish(announcement: string): void
}

/**
 * Announces complete lines of output to screen readers, at most ten times a minute. xterm.js would announce each character,
 * and interrupt all else; what the cursor is on can be read in its list of lines. Returns a stop.
 */
export function announceOutput(terminal: Terminal, { isListening, publish }: Options) {
  terminal.element?.querySelector('.live-region')?.setAttribute('aria-live', 'off')
  const announcer = createAnnouncer({ publish, summarize: summarizeLines })
  const subscription = terminal.onLineFeed(() => {
    if (!isListening()) return
    const line = readLastLine(terminal)
    if (line !== '') announcer.announce([line])
  })
  return () => {
    subscription.dispose()
    announcer.stop()
  }
}

/** The line above the cursor. Programs that fill the screen have no lines to read in order. */
function readLastLine({ buffer: { active } }: Terminal) {
  if (active.type === 'alternate') return ''
  const parts: string[] = []
  for (let row = active.baseY + active.cursorY - 1; row >= 0; row--) {
    const line = active.getLine(row)
    if (!line) break
    parts.unshift(line.translateToString(!parts.length))
    if (!line.isWrapped) break
  }
  return parts.join('').trim()
}
