import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { compressFor } from '../compress-for'
import { receiveBody } from '../middleware/receive-body'
import type { RequestHandler } from '../request-handler'
import { sendResponse } from '../send-response'
import { toWebHeaders } from '../to-web-headers'
import { findApiRoute } from './api-routes'

/** Answers the requests of `findApiRoute` with the handlers of their routes, without the time that Next.js adds to each. */
export const apiHandler: RequestHandler = {
  matches: (request) => findApiRoute(request) !== undefined,
  async handle(request, response) {
    if (!(await receiveBody(request, response))) return
    const { handle, params } = findApiRoute(request)!
    const webResponse = await handle(await toWebRequest(request), { params: Promise.resolve(params) })
    await sendResponse(response, await compressFor(request, webResponse))
  },
}

const toWebRequest = async (request: IncomingMessage) =>
  new Request(new URL(request.url!, 'http://localhost'), {
    method: request.method,
    headers: toWebHeaders(request),
    body: request.method === 'GET' ? undefined : await buffer(request),
  })
