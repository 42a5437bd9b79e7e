import { createServer, connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A way to `url` that can be cut: what is open breaks, and nothing new gets through until it is mended. */
export async function startTcpProxy(url: string) {
  const { hostname, port } = new URL(url)
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return void near.resetAndDestroy()
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => (open.delete(one), other.destroy()))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true
      for (const socket of open) socket.resetAndDestroy()
    },
    restore: () => void (isCut = false),
    /** What is open carries nothing more, and does not say so. */
    stall: () => open.forEach((socket) => socket.unpipe().pause()),
    close: () => (open.forEach((socket) => socket.destroy()), server.close()),
  }
}
