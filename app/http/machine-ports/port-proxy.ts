import { type IncomingMessage, request as ask, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { toProblemResponse } from '@/app/api/route-handler'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { headersFromGuest, headersToGuest, CORS_HEADERS } from './guest-headers'
import { authorizePort, type AuthorizedPort } from './authorize-port'
import { openGuestTunnel } from './open-guest-tunnel'

const REAUTHORIZE_INTERVAL_MS = 10_000

/**
 * Pages and APIs of services inside machines, at /machines/ID/ports/PORT/…, for their owner. What a guest
 * says is a stranger's word: see docs/decisions/0006-guest-pages-run-in-an-opaque-origin.md.
 */
export async function proxyMachinePort(request: IncomingMessage, response: ServerResponse) {
  try {
    const admitted = await authorizePort(request)
    if ('redirect' in admitted) return void response.writeHead(302, redirectHeaders(admitted.redirect)).end()
    // Asked by the browser before a page of no origin may send what is not plain: it may, to its own port.
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'])
      return void response.writeHead(204, CORS_HEADERS).end()
    await proxyRequest(request, response, admitted)
  } catch (error) {
    if (response.headersSent) return void response.destroy()
    await sendProblem(request, response, error)
  }
}

/** For programs as everywhere; for somebody who looks, a page with the words. */
async function sendProblem(request: IncomingMessage, response: ServerResponse, error: unknown) {
  const answer = toProblemResponse(error)
  if (!request.headers.accept?.includes('text/html'))
    return void response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  const { title } = (await answer.json()) as { title: string }
  response
    .writeHead(answer.status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': ERROR_PAGE_POLICY,
    })
    .end(errorPage(title))
}

const ERROR_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

const errorPage = (words: string) => `<!doctype html>
<html lang="en"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Not reached</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1.5rem">
<h1 style="font-size: 20px">This service cannot be shown now</h1>
<p>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>
</body></html>
`

const redirectHeaders = (location: string) => ({
  location,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
})

async function proxyRequest(request: IncomingMessage, response: ServerResponse, admitted: AuthorizedPort) {
  const asking = await requestGuest(request, admitted)
  const leave = () => asking.destroy()
  response.once('close', leave)
  // They left while it was reached.
  if (response.destroyed) leave()
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asking.once('response', resolve)
    asking.on('error', (cause) => reject(serviceUnavailable(admitted.port, cause)))
  })
  request.pipe(asking)
  const answer = await answered
  const { statusCode: status = 0 } = answer
  if (!isFinalStatus(status))
    throw serviceUnavailable(admitted.port, new Error(`it answered with the status ${status}`))
  response.writeHead(status, headersFromGuest(answer.headers, admitted))
  await pipeline(answer, response)
}

/** Any three digits come out of a machine. Below 200 nothing would be answered yet (RFC 9110, 15.2). */
const isFinalStatus = (status: number) => status >= 200 && status <= 999

/** A WebSocket, or whatever else both sides agree on. */
export function proxyMachinePortUpgrade(request: IncomingMessage, near: Socket, head: Buffer) {
  near.on('error', () => near.destroy())
  const refuse = () => near.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  const open = async () => {
    const admitted = await authorizePort(request)
    if ('redirect' in admitted) return refuse()
    const asking = await requestGuest(request, admitted, {
      connection: 'Upgrade',
      upgrade: request.headers.upgrade ?? 'websocket',
    })
    asking.on('error', () => near.destroy())
    near.once('close', () => asking.destroy())
    // They left while it was reached.
    if (near.destroyed) return void asking.destroy()
    asking.once('response', refuse)
    asking.once('upgrade', (answer, guest: Socket, guestHead) => {
      const headers = {
        ...headersFromGuest(answer.headers, admitted),
        connection: 'Upgrade',
        upgrade: answer.headers.upgrade ?? 'websocket',
      }
      const lines = Object.entries(headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one) => `${name}: ${one}\r\n`),
      )
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`)
      near.write(guestHead)
      guest.write(head)
      guest.pipe(near).pipe(guest)
      guest.on('error', () => near.destroy())
      guest.once('close', () => near.destroy())
      near.once('close', () => guest.destroy())
      closeWhenRevoked(request, near)
    })
    asking.end()
  }
  open().catch(refuse)
}

/** Sessions end, keys are revoked and machines go while a connection is open. */
function closeWhenRevoked(request: IncomingMessage, near: Socket) {
  const look = () =>
    authorizePort(request).catch((error: unknown) => {
      if (error instanceof AppError) near.destroy()
      else log.warn({ err: error }, 'could not tell whose a connection into a machine is')
    })
  const timer = setInterval(() => void look(), REAUTHORIZE_INTERVAL_MS)
  near.once('close', () => clearInterval(timer))
}

async function requestGuest(
  request: IncomingMessage,
  admitted: AuthorizedPort,
  more: Record<string, string> = {},
) {
  const { port, path } = admitted
  const socket = await openGuestTunnel(admitted)
  return ask({
    createConnection: () => socket,
    method: request.method,
    path,
    headers: { connection: 'close', ...headersToGuest(request.headers, port), ...more },
  })
}

const serviceUnavailable = (port: number, cause: unknown) =>
  new AppError({
    code: 'machine.no_service',
    message: `Nothing in the machine answers HTTP on port ${port}.`,
    status: 502,
    cause,
  })
