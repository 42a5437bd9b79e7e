import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll } from 'vitest'

/** A server for downloads, with the checksums of its files beside them, that can be made to misbehave. */
export function useFileServer() {
  const files = new Map<string, Buffer>()
  const requests: { name: string; range?: string }[] = []
  const server = createServer((request, response) => {
    const name = request.url!.slice(1)
    requests.push({ name, range: request.headers.range })
    if (given.handleRequest) return given.handleRequest(response)
    const content = name === 'SHA512SUMS' ? Buffer.from(given.checksums()) : files.get(name)
    if (!content) return response.writeHead(404).end()
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from > 0 && from >= content.length)
      return response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    const headers: Record<string, string | number> = { 'content-length': content.length - from }
    if (from > 0) headers['content-range'] = `bytes ${from}-${content.length - 1}/${content.length}`
    response.writeHead(from > 0 ? 206 : 200, headers)
    const bytes = content.subarray(from)
    if (name === 'SHA512SUMS' || !given.sendBody) return response.end(bytes)
    given.sendBody(response, bytes)
  })
  const given = {
    files,
    asked: requests,
    /** What becomes of an answer with a file's bytes. */
    sendBody: undefined as ((response: ServerResponse, bytes: Buffer) => void) | undefined,
    /** In place of what a server of files does, for one that is none. */
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
  return given
}
