import { createReadStream } from 'node:fs'
import { once } from 'node:events'
import { type IncomingMessage, request, type RequestOptions } from 'node:http'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

/**
 * Streams a file as the body of a request, and returns the JSON of the response. `fetch` would copy each piece, and `openAsBlob` of
 * Node.js 24 reads only the size modulo 4 GiB.
 */
export async function sendFile(to: string, file: string, options: RequestOptions): Promise<unknown> {
  const outgoing = request(to, options)
  const [[response]] = (await Promise.all([
    once(outgoing, 'response'),
    pipeline(createReadStream(file), outgoing),
  ])) as [[IncomingMessage], void]
  const body = await text(response)
  if (response.statusCode! >= 300) throw new Error(`${to}: ${response.statusCode} ${body}`)
  return body ? JSON.parse(body) : null
}
