import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { toProblemResponse } from '@/app/api/route-handler'
import { AppError } from '@/lib/errors'
import { allowedMethods } from './allowed-methods'

const DETAIL_PAGE_URL = /^\/(?:videos|machines|tasks|account\/webhooks)\/([^/?]+)\/?(?:\?|$)/

/**
 * A page of what can have no row. Next.js begins its answer with 200 before the page has looked, so it
 * is asked for a path that it knows not to have.
 */
export function rewriteInvalidIdPath(request: IncomingMessage) {
  const id = DETAIL_PAGE_URL.exec(request.url ?? '')?.[1]
  if (id && id !== 'new' && !z.uuid().safeParse(id).success) request.url = '/no-such-page'
}

/**
 * Next.js refuses a method that a route has not with an empty answer; programs are told as of everything else,
 * and which methods there are (RFC 9110, 15.5.6).
 */
export function describeMethodNotAllowed(request: IncomingMessage, response: ServerResponse) {
  const path = request.url?.split('?')[0] ?? ''
  if (!path.startsWith('/api/') || request.method === 'HEAD') return
  let refusal: Response | undefined
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse
  response.writeHead = (...given: unknown[]) => {
    if (given[0] === 405 && !response.hasHeader('content-type')) {
      refusal = toProblemResponse(
        new AppError({
          code: 'request.method_not_allowed',
          message: `${request.method} is not possible here.`,
          status: 405,
        }),
      )
      response.setHeader('content-type', refusal.headers.get('content-type')!)
      const methods = allowedMethods(path)
      if (methods.length > 0) response.setHeader('allow', methods.join(', '))
    }
    return writeHead(...given)
  }
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse
  response.end = (...given: unknown[]) => {
    if (response.statusCode === 405 && !response.headersSent) response.writeHead(405)
    if (!refusal) return end(...given)
    void refusal.text().then(end)
    return response
  }
}
