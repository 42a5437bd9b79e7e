import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown

/** Allowed in vitest.config.ts. `localhost` does not resolve to it, so that tests can use it as a refused host. */
const HOST = '127.0.0.2'

/** An HTTP server with one file, which supports ranges and If-Range, and hooks to make it misbehave. */
export function useRemoteFile(initial: () => Buffer) {
  const requests: { path: string; range?: string; ifRange?: string }[] = []
  const sendFile: Handle = (request, response) => {
    const { content, etag } = remote
    const { range, 'if-range': ifRange } = request.headers
    const wanted = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    const isPart = wanted > 0 && (remote.ignoresIfRange || ifRange === etag)
    const start = isPart ? wanted : 0
    response.writeHead(isPart ? 206 : 200, {
      'content-type': 'video/mp4',
      'content-length': content.length - start,
      ...(etag && { etag }),
      ...(isPart && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
      ...remote.headers,
    })
    remote.sendBody(response, content.subarray(start))
  }
  const sendAll = (response: ServerResponse, bytes: Buffer) => void response.end(bytes)
  const remote = {
    requests,
    content: Buffer.alloc(0),
    etag: '"one"' as string | undefined,
    ignoresIfRange: false,
    headers: {} as Record<string, string>,
    sendBody: sendAll,
    /** Answers every request. */
    handle: sendFile,
    sendFile,
    url: (path = 'film.mp4') => `http://${HOST}:${(server.address() as AddressInfo).port}/${path}`,
    port: () => (server.address() as AddressInfo).port,
    /** Sends the first `count` bytes of a body, once, and calls `then`. Later bodies are sent completely. */
    sendOnly(count: number, then: (response: ServerResponse) => void) {
      remote.sendBody = (response, bytes) => {
        remote.sendBody = sendAll
        response.write(bytes.subarray(0, count), () => then(response))
      }
    },
  }
  const server = createServer((request, response) => {
    const { range, 'if-range': ifRange } = request.headers
    requests.push({ path: request.url!, range, ifRange: ifRange as string | undefined })
    void remote.handle(request, response)
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, HOST, resolve)))
  beforeEach(() => {
    requests.length = 0
    Object.assign(remote, {
      content: initial(),
      etag: '"one"',
      ignoresIfRange: false,
      headers: {},
      sendBody: sendAll,
      handle: sendFile,
    })
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return remote
}
