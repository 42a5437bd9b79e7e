import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

interface Answer {
  status: number
  body: string
  ms: number
}

/** Requests over at most `connections` keep-alive connections, like an API client; not signed in without a key. */
export function createKeepAliveClient(options: { url: string; key?: string; connections: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections })
  const authorization = options.key && { authorization: `Bearer ${options.key}` }
  const send = (method: string, path: string, body?: object) =>
    new Promise<Answer>((resolve, reject) => {
      const startedAt = performance.now()
      const json = body && JSON.stringify(body)
      const headers = {
        ...authorization,
        ...(json && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
      }
      const outgoing = request(new URL(path, options.url), { method, agent, headers }, (response) => {
        text(response).then(
          (received) =>
            resolve({ status: response.statusCode!, body: received, ms: performance.now() - startedAt }),
          reject,
        )
      })
      outgoing.once('error', reject)
      outgoing.end(json)
    })
  return {
    get: (path: string) => send('GET', path),
    post: (path: string, body: object) => send('POST', path, body),
    close: () => agent.destroy(),
  }
}
