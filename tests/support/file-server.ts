import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll } from 'vitest'

/** An HTTP server for files and their SHA512SUMS, with hooks to make it misbehave. */
export function useFileServer() {
  const files = new Map<string, Buffer>()
  const requests: { name: string; range?: string }[] = []
  const server = createServer((request, response) => {
    const name = request.url!.slice(1)
    requests.push({ name, range: request.headers.range })
    if (fixture.handleRequest) return fixture.handleRequest(response)
    const content = name === 'SHA512SUMS' ? Buffer.from(fixture.checksums()) : files.get(name)
    if (!content) return response.writeHead(404).end()
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from > 0 && from >= content.length)
      return response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    const headers: Record<string, string | number> = { 'content-length': content.length - from }
    if (from > 0) headers['content-range'] = `bytes ${from}-${content.length - 1}/${content.length}`
    response.writeHead(from > 0 ? 206 : 200, headers)
    const bytes = content.subarray(from)
    if (name === 'SHA512SUMS' || !fixture.sendBody) return response.end(bytes)
    fixture.sendBody(response, bytes)
  })
  const fixture = {
    files,
    requests,
    /** Sends the body of a file instead of the server. */
    sendBody: undefined as ((response: ServerResponse, bytes: Buffer) => void) | undefined,
    /** Handles every request instead of the server. */
    handleRequest: undefined as ((response: ServerResponse) => void) | undefined,
    checksums: () =>
      [...files]
        .map(([name, bytes]) => `${createHash('sha512').update(bytes).digest('hex')}  ${name}\n`)
        .join(''),
    url: (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`,
  }
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return fixture
}
