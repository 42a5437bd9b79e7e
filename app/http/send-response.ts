import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Writes a web `Response`, whose body is in memory, to a response of `node:http`. `headers` are added to its own. */
export async function sendResponse(
  response: ServerResponse,
  webResponse: Response,
  headers: OutgoingHttpHeaders = {},
) {
  const pieces: Uint8Array[] = []
  for await (const piece of webResponse.body ?? []) pieces.push(piece)
  const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0)
  response.writeHead(webResponse.status, {
    ...(webResponse.body && { 'content-length': length }),
    ...Object.fromEntries(webResponse.headers),
    ...headers,
  })
  // Headers and body in one packet.
  response.end(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))
}
