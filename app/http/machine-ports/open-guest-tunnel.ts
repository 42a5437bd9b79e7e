import { request as askPlainly } from 'node:http'
import { request as askOverTls } from 'node:https'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { AppError } from '@/lib/errors'
import { hostAuthorizationHeaders, hostPaths, TUNNEL_PROTOCOL } from '@/lib/machines/host-client'

const OPEN_TIMEOUT_MS = 25_000
const problemSchema = z.object({ code: z.string(), message: z.string() })

/**
 * A connection to a port inside a machine, through the worker that speaks for its host.
 * @throws {AppError} machine.not_running, machine.busy, machine.silent, machine.host_away
 */
export function openGuestTunnel({
  hostUrl,
  machineId,
  port,
}: {
  hostUrl: string
  machineId: string
  port: number
}) {
  const path = hostPaths.tunnel(machineId, port)
  return new Promise<Socket>((resolve, reject) => {
    const ask = new URL(hostUrl).protocol === 'https:' ? askOverTls : askPlainly
    const asking = ask(new URL(path, hostUrl), {
      headers: { ...hostAuthorizationHeaders(path), connection: 'Upgrade', upgrade: TUNNEL_PROTOCOL },
    })
    const clock = setTimeout(() => asking.destroy(new Error('no answer in time')), OPEN_TIMEOUT_MS)
    asking.once('close', () => clearTimeout(clock))
    asking.once('upgrade', (_, socket: Socket, head) => {
      clearTimeout(clock)
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    asking.once('response', (answer) => {
      text(answer)
        .then((body) => problemSchema.parse(JSON.parse(body)))
        .then(({ code, message }) =>
          reject(new AppError({ code, message, status: answer.statusCode ?? 503 })),
        )
        .catch(reject)
    })
    asking.on('error', (cause) => reject(hostUnreachable(cause)))
    asking.end()
  })
}

const hostUnreachable = (cause: unknown) =>
  new AppError({
    code: 'machine.host_away',
    message: 'The host of this machine cannot be reached now.',
    status: 503,
    cause,
  })
