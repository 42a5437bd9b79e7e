import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '@/lib/config/config'
import { hostPaths } from '@/lib/machines/host-client'
import { log } from '@/lib/log'
import { attachConsoleServer } from './console/console-server'
import type { Hypervisor } from '../hypervisor'
import type { PortForwarder } from './ports/port-forwarder'
import type { ConnectionLimiter } from './ports/connection-limiter'
import { hasHostToken, attachTunnelServer } from './ports/tunnel-server'

interface Deps {
  hypervisor: Hypervisor
  connections: ConnectionLimiter
  ports: Pick<PortForwarder, 'sync'>
  config: Pick<Config, 'MACHINE_HOST_LISTEN' | 'MACHINE_HOST_URL'>
}

/**
 * Serves web processes on MACHINE_HOST_LISTEN: consoles, tunnels to guest ports, and a request to sync forwarded ports at
 * once. Every request needs a host token.
 */
export async function startHostServer({ hypervisor, connections, ports, config }: Deps) {
  const http = createServer((request, response) => {
    const respond = (status: number) => response.writeHead(status).end()
    if (request.method !== 'POST' || request.url !== hostPaths.ports) return respond(404)
    if (!hasHostToken(request)) return respond(403)
    ports.sync().then(
      () => respond(204),
      (error: unknown) => {
        log.warn({ err: error }, 'forwarded ports not synced')
        respond(503)
      },
    )
  })
  const consoles = attachConsoleServer(http, hypervisor)
  attachTunnelServer(http, connections)
  const { address, port } = parseListenAddress(config.MACHINE_HOST_LISTEN)
  await new Promise<void>((resolve, reject) => http.once('error', reject).listen(port, address, resolve))
  const { port: listenerPort } = http.address() as AddressInfo
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${listenerPort}`
  return { url: config.MACHINE_HOST_URL ?? url, port: listenerPort, close: () => consoles.close() }
}

/** Parses "10.0.0.5:7000" or "10.0.0.5", which means any free port. */
function parseListenAddress(setting: string) {
  const [, address, port] = /^\[?(.+?)\]?(?::(\d+))?$/.exec(setting)!
  return { address: address!, port: Number(port ?? 0) }
}
