import { type IncomingMessage, request as httpRequest } from 'node:http'
import { headersToGuest } from './guest-headers'
import type { AuthorizedPort } from './authorize-port'
import { openGuestTunnel } from './open-guest-tunnel'

/** Opens a tunnel to the guest and returns the request to send through it, with `request`'s method and headers. */
export async function requestGuest(
  request: IncomingMessage,
  target: AuthorizedPort,
  extraHeaders: Record<string, string> = {},
) {
  const socket = await openGuestTunnel(target)
  return httpRequest({
    createConnection: () => socket,
    method: request.method,
    path: target.path,
    headers: { connection: 'close', ...headersToGuest(request.headers, target.port), ...extraHeaders },
  })
}
