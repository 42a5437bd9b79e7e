import type { Socket } from 'node:net'

interface Limits {
  /** Longest line, in bytes. Default: 4 KiB; replies of an agent have less than a hundred. */
  maxLineLength?: number
  /** Default: 1,000. An agent sends a few for each request. */
  maxLinesPerWindow?: number
}

const WINDOW_MS = 50

/**
 * Calls `listener` with each line that the other side sends. A guest chooses what that is: the socket is destroyed on a
 * line that is too long, and not read for a while after too many lines.
 */
export function readLines(
  socket: Socket,
  listener: (line: string) => void,
  { maxLineLength = 4_096, maxLinesPerWindow = 1_000 }: Limits = {},
) {
  let rest = ''
  let lineCount = 0
  let timer: NodeJS.Timeout | undefined
  const endWindow = () => {
    timer = undefined
    lineCount = 0
    readRest()
  }
  const readRest = () => {
    let from = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
      if (end - from > maxLineLength) return void socket.destroy()
      if (lineCount >= maxLinesPerWindow) break
      lineCount++
      timer ??= setTimeout(endWindow, WINDOW_MS).unref()
      const line = rest.slice(from, end)
      from = end + 1
      listener(line)
    }
    rest = rest.slice(from)
    if (socket.destroyed) return
    if (lineCount >= maxLinesPerWindow && rest.includes('\n')) socket.pause()
    else if (rest.length > maxLineLength) socket.destroy()
    else socket.resume()
  }
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    rest += chunk
    readRest()
  })
  socket.once('close', () => clearTimeout(timer))
}
