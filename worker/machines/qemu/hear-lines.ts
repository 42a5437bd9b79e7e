import type { Socket } from 'node:net'

/** Longest line of an agent, in bytes: what it says takes less than a hundred. */
const LONGEST = 4_096

/** Tells every line that a guest says. One that is longer than 4 KiB breaks the connection. */
export function hearLines(socket: Socket, listener: (line: string) => void) {
  let rest = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      if (line.length > LONGEST) return void socket.destroy()
      listener(line)
    }
    if (rest.length > LONGEST) socket.destroy()
  })
}
