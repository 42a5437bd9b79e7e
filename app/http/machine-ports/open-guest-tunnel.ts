import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { AppError } from '@/lib/errors'
import { hostAuthorizationHeaders, hostPaths, TUNNEL_PROTOCOL } from '@/lib/machines/host-client'
import * as messages from '@/lib/generated/messages/machine-errors'
import { getLocale } from '@/lib/i18n/locale'

const OPEN_TIMEOUT_MS = 25_000
const problemSchema = z.object({ code: z.string(), message: z.string() })

interface TunnelTarget {
  hostUrl: string
  machineId: string
  port: number
}

/**
 * Opens a connection to a port of a guest through the worker on its host, within 25 s.
 * @throws {AppError} machine.not_running, machine.busy, machine.silent, machine.host_away
 */
export function openGuestTunnel({ hostUrl, machineId, port }: TunnelTarget) {
  const path = hostPaths.tunnel(machineId, port)
  return new Promise<Socket>((resolve, reject) => {
    const send = new URL(hostUrl).protocol === 'https:' ? httpsRequest : httpRequest
    const request = send(new URL(path, hostUrl), {
      headers: {
        ...hostAuthorizationHeaders(path),
        connection: 'Upgrade',
        upgrade: TUNNEL_PROTOCOL,
        'accept-language': getLocale(),
      },
    })
    const timeout = setTimeout(() => request.destroy(new Error('the host did not respond')), OPEN_TIMEOUT_MS)
    request.once('close', () => clearTimeout(timeout))
    request.once('upgrade', (_, socket: Socket, head) => {
      clearTimeout(timeout)
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    request.once('response', (response) => {
      text(response)
        .then((body) => problemSchema.parse(JSON.parse(body)))
        .then(({ code, message }) =>
          reject(new AppError({ code, message, status: response.statusCode ?? 503 })),
        )
        .catch(reject)
    })
    request.on('error', (cause) => reject(hostUnreachable(cause)))
    request.end()
  })
}

const hostUnreachable = (cause: unknown) =>
  new AppError({
    code: 'machine.host_away',
    message: messages.hostUnreachable(),
    status: 503,
    cause,
  })
