import { once } from 'node:events'
import { connect } from 'node:net'

/** Sends thirty concurrent requests with these header lines and disconnects without reading a response. */
export function sendAndDisconnect(url: string, lines: string[]) {
  const { hostname, port } = new URL(url)
  return Promise.all(
    Array.from({ length: 30 }, async () => {
      const socket = connect(Number(port), hostname)
      await once(socket, 'connect')
      socket.write(`${lines.join('\r\n')}\r\n\r\n`, () => socket.destroy())
      await once(socket, 'close')
    }),
  )
}
