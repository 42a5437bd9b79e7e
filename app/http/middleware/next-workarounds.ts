import * as messages from '@/lib/generated/messages/http-errors'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { AppError } from '@/lib/errors'
import { toProblemResponse } from '../problem-details'
import { allowedMethods } from './allowed-methods'

const DETAIL_PAGE_URL = /^\/(?:videos|playlists|machines|tasks|account\/webhooks)\/([^/?]+)\/?(?:\?|$)/

/**
 * Rewrites the URL of a detail page whose id is no UUID to a path without a page. Next.js would start streaming the
 * page with status 200 before the page finds out that there is no such row.
 */
export function rewriteInvalidIdPath(request: IncomingMessage) {
  const id = DETAIL_PAGE_URL.exec(request.url ?? '')?.[1]
  if (id && id !== 'new' && !z.uuid().safeParse(id).success) request.url = '/no-such-page'
}

/** Adds problem+json and `Allow` (RFC 9110, 15.5.6) to the empty 405 with which Next.js refuses a method. */
export function describeMethodNotAllowed(request: IncomingMessage, response: ServerResponse) {
  const path = request.url?.split('?')[0] ?? ''
  if (!path.startsWith('/api/') || request.method === 'HEAD') return
  let problem: Response | undefined
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
  response.writeHead = (...args: unknown[]) => {
    if (args[0] === 405 && !response.hasHeader('content-type')) {
      problem = toProblemResponse(methodNotAllowedError(request.method))
      response.setHeader('content-type', problem.headers.get('content-type')!)
      const methods = allowedMethods(path)
      if (methods.length > 0) response.setHeader('allow', methods.join(', '))
    }
    return writeHead(...args)
  }
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse
  response.end = (...args: unknown[]) => {
    if (response.statusCode === 405 && !response.headersSent) response.writeHead(405)
    if (!problem) return end(...args)
    void problem.text().then(end)
    return response
  }
}

export const methodNotAllowedError = (method = '') =>
  new AppError({
    code: 'request.method_not_allowed',
    message: messages.methodNotAllowed({ method }),
    status: 405,
  })
