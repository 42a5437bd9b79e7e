import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { AppError } from '@/lib/errors'
import type { RequestHandler } from '../request-handler'
import { type AuthorizedPort, authorizePort, isMachinePortPath } from './authorize-port'
import { closeWhenRevoked } from './close-when-revoked'
import { sendPortError } from './error-page'
import { CORS_HEADERS, headersFromGuest } from './guest-headers'
import { requestGuest } from './request-guest'
import * as messages from '@/lib/generated/messages/machine-errors'

/**
 * Proxies `/machines/ID/ports/PORT/…` to services in machines, for the owner. Responses of a guest are untrusted: see
 * docs/decisions/0006-guest-pages-run-in-an-opaque-origin.md.
 */
export const machinePortHandler: RequestHandler = {
  matches: ({ url }) => isMachinePortPath(url),
  async handle(request, response) {
    try {
      const target = await authorizePort(request)
      if ('redirect' in target) return void response.writeHead(302, redirectHeaders(target.redirect)).end()
      // CORS preflight of a page in an opaque origin, for a request to its own port.
      if (request.method === 'OPTIONS' && request.headers['access-control-request-method'])
        return void response.writeHead(204, CORS_HEADERS).end()
      await proxyRequest(request, response, target)
    } catch (error) {
      if (response.headersSent) return void response.destroy()
      await sendPortError(request, response, error)
    }
  },
}

const redirectHeaders = (location: string) => ({
  location,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
})

async function proxyRequest(request: IncomingMessage, response: ServerResponse, target: AuthorizedPort) {
  const guestRequest = await requestGuest(request, target)
  const abort = () => guestRequest.destroy()
  response.once('close', abort)
  // The client disconnected while the tunnel was opened.
  if (response.destroyed) abort()
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    guestRequest.once('response', resolve)
    guestRequest.on('error', (cause) => reject(serviceUnavailable(target.port, cause)))
  })
  request.pipe(guestRequest)
  const guestResponse = await answered
  const { statusCode: status = 0 } = guestResponse
  if (!isFinalStatus(status))
    throw serviceUnavailable(target.port, new Error(`the guest responded with status ${status}`))
  closeWhenRevoked(request, response)
  response.writeHead(status, {
    ...headersFromGuest(guestResponse.headers, target),
    ...(target.setCookie ? { 'set-cookie': target.setCookie } : {}),
  })
  await pipeline(guestResponse, response)
}

/** A guest may send any three digits. Statuses below 200 are interim and end no request (RFC 9110, 15.2). */
const isFinalStatus = (status: number) => status >= 200 && status <= 999

const serviceUnavailable = (port: number, cause: unknown) =>
  new AppError({
    code: 'machine.no_service',
    message: messages.noService({ port }),
    status: 502,
    cause,
  })
