import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** POSTs JSON over at most `connections` keep-alive connections, like an API client. */
export function createKeepAliveClient(options: { url: string; key: string; connections: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections })
  return {
    post: (path: string, body: object) =>
      new Promise<{ status: number; body: string; ms: number }>((resolve, reject) => {
        const startedAt = performance.now()
        const json = JSON.stringify(body)
        const headers = {
          authorization: `Bearer ${options.key}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(json),
        }
        const outgoing = request(
          new URL(path, options.url),
          { method: 'POST', agent, headers },
          (response) => {
            text(response).then(
              (received) =>
                resolve({ status: response.statusCode!, body: received, ms: performance.now() - startedAt }),
              reject,
            )
          },
        )
        outgoing.once('error', reject)
        outgoing.end(json)
      }),
    close: () => agent.destroy(),
  }
}
