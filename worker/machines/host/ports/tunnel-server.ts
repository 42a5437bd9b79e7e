import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { TUNNEL_PROTOCOL } from '@/lib/machines/host-client'
import { isValidHostToken } from '@/lib/machines/host-token'
import type { ConnectionLimiter } from './connection-limiter'
import { relayStreams } from './relay-streams'
import * as messages from '@/lib/generated/messages/machine-driver-errors'
import { toLocale } from '@/lib/i18n/locale'
import { runWithLocale } from '@/lib/i18n/run-with-locale'

const TUNNEL_URL_PATTERN = /^\/machines\/([0-9a-f-]{36})\/ports\/(\d{1,5})$/

/** Upgrades requests of web processes to TCP tunnels into machines. Requires a host token; web processes authorize the user. */
export function attachTunnelServer(http: Server, connections: ConnectionLimiter) {
  http.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    const [, machineId, port] = TUNNEL_URL_PATTERN.exec(request.url ?? '') ?? []
    if (!machineId) return
    socket.on('error', () => socket.destroy())
    if (!hasHostToken(request))
      return rejectUpgrade(socket, { code: 'host.refused', message: 'refused', status: 403 })
    const locale = toLocale(request.headers['accept-language'])
    runWithLocale(locale, () => connections.connect(machineId, Number(port))).then(
      (guest) => {
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${TUNNEL_PROTOCOL}\r\n\r\n`,
        )
        relayStreams({ client: socket, guest })
      },
      (error: unknown) => {
        log.info({ err: error, machineId, port }, 'tunnel not opened')
        const unknown = () => runWithLocale(locale, unknownError)
        rejectUpgrade(socket, error instanceof AppError ? error : unknown())
      },
    )
  })
}

const unknownError = () => ({ code: 'machine.silent', message: messages.silentPort(), status: 503 })

/** Host tokens are valid for one path only. */
export const hasHostToken = ({ headers, url = '' }: IncomingMessage) =>
  isValidHostToken({ token: /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '', purpose: url })

function rejectUpgrade(
  socket: Socket,
  { code, message, status }: Pick<AppError, 'code' | 'message' | 'status'>,
) {
  const body = JSON.stringify({ code, message })
  const head = `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
  socket.end(head + body)
}
