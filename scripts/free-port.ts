import { createServer } from 'node:net'

/** `wanted` when nobody listens on it, else any free port of the loopback. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => (wanted ? freePort().then(resolve, reject) : reject(error)))
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
