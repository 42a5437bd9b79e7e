import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { acceptsEncoding } from '../middleware/accepts-encoding'
import { receiveBody } from '../middleware/receive-body'
import type { RequestHandler } from '../request-handler'
import { sendResponse } from '../send-response'
import { toWebHeaders } from '../to-web-headers'
import { findApiRoute } from './api-routes'

const compress = promisify(gzip)
/** As Next.js does. */
const MIN_COMPRESSED_BYTES = 1024

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

async function compressFor(request: IncomingMessage, response: Response) {
  if (!acceptsEncoding(request, 'gzip')) return response
  const content = await response.arrayBuffer()
  const isCompressed = content.byteLength >= MIN_COMPRESSED_BYTES
  const headers = new Headers(response.headers)
  headers.append('vary', 'accept-encoding')
  if (isCompressed) headers.set('content-encoding', 'gzip')
  const body = isCompressed ? await compress(content) : content
  return new Response(body, { status: response.status, headers })
}
