import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** Another program of the host that listens on a port of the default MACHINE_PORT_RANGE. */
export async function occupyMachinePort() {
  for (let port = 20_000 + (process.pid % 9_000); ; port++) {
    const server = createServer()
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening')
      return { port, server }
    } catch {
      server.close()
    }
  }
}

export async function isPortOpen(port: number) {
  const socket = connect(port, '127.0.0.1')
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return isOpen
}
