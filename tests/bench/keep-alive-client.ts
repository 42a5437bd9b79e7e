import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** POSTs JSON over few connections that are kept open, as a script does. Times are in milliseconds. */
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
        const asked = request(new URL(path, options.url), { method: 'POST', agent, headers }, (answer) => {
          text(answer).then(
            (said) => resolve({ status: answer.statusCode!, body: said, ms: performance.now() - startedAt }),
            reject,
          )
        })
        asked.once('error', reject)
        asked.end(json)
      }),
    close: () => agent.destroy(),
  }
}
