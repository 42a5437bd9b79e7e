import type { Socket } from 'node:net'

/** Longest line of an agent, in bytes. Replies have less than a hundred. */
const MAX_LINE_LENGTH = 4_096

/** Calls `listener` with each line that the guest sends. Destroys the socket on a line of more than 4 KiB. */
export function readLines(socket: Socket, listener: (line: string) => void) {
  let rest = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      if (line.length > MAX_LINE_LENGTH) return void socket.destroy()
      listener(line)
    }
    if (rest.length > MAX_LINE_LENGTH) socket.destroy()
  })
}
