import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Writes a small web `Response` to a response of `node:http`. `headers` are added to its own. */
export async function sendResponse(
  response: ServerResponse,
  webResponse: Response,
  headers: OutgoingHttpHeaders = {},
) {
  const body = new Uint8Array(await webResponse.arrayBuffer())
  response.writeHead(webResponse.status, { ...Object.fromEntries(webResponse.headers), ...headers }).end(body)
}
