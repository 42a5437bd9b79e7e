import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { acceptsEncoding } from './middleware/accepts-encoding'

const compress = promisify(gzip)
/** As Next.js does. */
const MIN_COMPRESSED_BYTES = 1024

/** Compresses a response with gzip from 1 kB on, if the client accepts it. */
export async function compressFor(request: IncomingMessage, response: Response) {
  if (!acceptsEncoding(request, 'gzip')) return response
  const content = await response.arrayBuffer()
  const isCompressed = content.byteLength >= MIN_COMPRESSED_BYTES
  const headers = new Headers(response.headers)
  headers.append('vary', 'accept-encoding')
  if (isCompressed) headers.set('content-encoding', 'gzip')
  const body = isCompressed ? await compress(content) : content
  return new Response(body, { status: response.status, headers })
}
