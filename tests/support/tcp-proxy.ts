import { createServer, connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/**
 * A TCP proxy to `url`. After `cut`, open connections are reset and new ones refused until `restore`; after `ignore`, new
 * ones are not served. The connection that has sent `stallAfterBytes` stalls, once.
 */
export async function startTcpProxy(
  url: string,
  { stallAfterBytes = Infinity, onStall }: { stallAfterBytes?: number; onStall?: () => void } = {},
) {
  const { hostname, port } = new URL(url)
  const open = new Set<Socket>()
  let isCut = false
  let isIgnoring = false
  const server = createServer((downstream) => {
    if (isIgnoring) return void open.add(downstream.on('error', () => downstream.destroy()))
    if (isCut) return void downstream.resetAndDestroy()
    const upstream = connect(Number(port), hostname)
    let sentBytes = 0
    downstream.on('data', (chunk) => {
      sentBytes += chunk.length
      if (sentBytes < stallAfterBytes) return
      stallAfterBytes = Infinity
      downstream.unpipe().pause()
      onStall?.()
    })
    for (const [one, other] of [
      [downstream, upstream],
      [upstream, downstream],
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
    ignore: () => void (isIgnoring = true),
    restore: () => void (isCut = isIgnoring = false),
    /** Stops forwarding on open connections without closing them. */
    stall: () => open.forEach((socket) => socket.unpipe().pause()),
    close: () => (open.forEach((socket) => socket.destroy()), server.close()),
  }
}
