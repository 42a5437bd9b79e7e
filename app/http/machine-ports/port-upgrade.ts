import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { setClientIp } from '../middleware/client-ip'
import { authorizePort, isMachinePortPath } from './authorize-port'
import { closeWhenRevoked } from './close-when-revoked'
import { headersFromGuest } from './guest-headers'
import { requestGuest } from './request-guest'

/** Proxies a WebSocket, or any other upgraded connection, to a service in a machine. Ignores other paths. */
export function proxyMachinePortUpgrade(request: IncomingMessage, client: Socket, head: Buffer) {
  if (!isMachinePortPath(request.url)) return
  setClientIp(request)
  client.on('error', () => client.destroy())
  const refuse = () => client.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  openUpgrade({ request, client, head, refuse }).catch(refuse)
}

interface Upgrade {
  request: IncomingMessage
  client: Socket
  head: Buffer
  refuse: () => void
}

async function openUpgrade({ request, client, head, refuse }: Upgrade) {
  const target = await authorizePort(request)
  if ('redirect' in target) return refuse()
  const guestRequest = await requestGuest(request, target, {
    connection: 'Upgrade',
    upgrade: request.headers.upgrade ?? 'websocket',
  })
  guestRequest.on('error', () => client.destroy())
  client.once('close', () => guestRequest.destroy())
  // The client disconnected while the tunnel was opened.
  if (client.destroyed) return void guestRequest.destroy()
  guestRequest.once('response', refuse)
  guestRequest.once('upgrade', (response, guest: Socket, guestHead) => {
    client.write(
      formatSwitchingProtocols({
        ...headersFromGuest(response.headers, target),
        connection: 'Upgrade',
        upgrade: response.headers.upgrade ?? 'websocket',
      }),
    )
    client.write(guestHead)
    guest.write(head)
    guest.pipe(client).pipe(guest)
    guest.on('error', () => client.destroy())
    guest.once('close', () => client.destroy())
    client.once('close', () => guest.destroy())
    closeWhenRevoked(request, client)
  })
  guestRequest.end()
}

function formatSwitchingProtocols(headers: ReturnType<typeof headersFromGuest>) {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((item) => `${name}: ${item}\r\n`),
  )
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`
}
