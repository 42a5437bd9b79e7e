import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream/promises'
import WebSocket from 'ws'
import { clusterRefused, clusterUnavailable } from './incus-errors'

/** Of an upload that stalls. */
const UPLOAD_IDLE_MS = 2 * 60_000

/** How to reach the API: a unix socket, or HTTPS with a client certificate. */
export type Endpoint = { socketPath: string } | { url: URL; tls: { cert: string; key: string; ca?: string } }

/** A body that is streamed. */
interface Upload {
  headers: Record<string, string>
  sizeBytes: number
  body: AsyncIterable<Buffer>
}

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With the query. */
  path: string
  body?: object
  upload?: Upload
  signal?: AbortSignal
}

export interface ApiResponse {
  metadata: unknown
  /** Path of the background operation that the request has started, if any. */
  operation?: string
}

/** The REST API of Incus and LXD over one endpoint. https://linuxcontainers.org/incus/docs/main/rest-api/ */
export class Transport {
  private readonly agent: http.Agent

  constructor(private readonly endpoint: Endpoint) {
    this.agent =
      'url' in endpoint
        ? new https.Agent({ keepAlive: true, ...tlsOptions(endpoint) })
        : new http.Agent({ keepAlive: true })
  }

  /**
   * @throws {AppError} machine.cluster_unavailable without a response, machine.cluster_refused with the status of a refusal,
   * or the signal's reason
   */
  async request({ method = 'GET', ...request }: ApiRequest): Promise<ApiResponse> {
    const { response, text } = await this.send({ method, ...request }).catch((error: Error) => {
      request.signal?.throwIfAborted()
      throw clusterUnavailable(error)
    })
    if (response.statusCode! >= 400) throw refusalOf(response, text)
    const answer = parseAnswer(text)
    return { metadata: answer.metadata, operation: answer.operation || undefined }
  }

  private send({ method, path, body, upload, signal }: ApiRequest) {
    const { endpoint, agent } = this
    const target = 'url' in endpoint ? addressOf(endpoint.url) : { socketPath: endpoint.socketPath }
    const { request } = 'url' in endpoint ? https : http
    return new Promise<{ response: IncomingMessage; text: string }>((resolve, reject) => {
      const headers = upload
        ? { ...upload.headers, 'content-length': upload.sizeBytes }
        : { 'content-type': 'application/json' }
      const sent = request({ ...target, agent, method, path, headers, signal }, (response) => {
        readText(response).then((text) => resolve({ response, text }), reject)
      })
      sent.on('error', reject)
      if (upload) sendBody(sent, upload.body).catch(reject)
      else sent.end(body && JSON.stringify(body))
    })
  }

  /** Resolves when it is open, and paused until `resume` is called. @throws {AppError} as `request` */
  async openWebSocket(path: string): Promise<WebSocket> {
    const { endpoint, agent } = this
    const socket =
      'url' in endpoint
        ? // With the agent, which resumes TLS sessions.
          new WebSocket(webSocketUrl(path, endpoint.url), {
            ...(tlsOptions(endpoint) as WebSocket.ClientOptions),
            agent,
          })
        : new WebSocket(`ws+unix://${endpoint.socketPath}:${path}`)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => {
        socket.pause()
        resolve()
      })
      socket.on('error', (error) => reject(clusterUnavailable(error)))
      socket.once('unexpected-response', (_, response) => {
        const refuse = (text: string) => reject(refusalOf(response, text))
        void readText(response)
          .then(refuse, reject)
          .finally(() => socket.terminate())
      })
    })
    return socket
  }

  close() {
    this.agent.destroy()
  }
}

async function sendBody(sent: ClientRequest, body: AsyncIterable<Buffer>) {
  sent.setTimeout(UPLOAD_IDLE_MS, () => sent.destroy(new Error('it takes no data')))
  await pipeline(body, sent)
}

async function readText(response: IncomingMessage) {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const refusalOf = ({ statusCode }: IncomingMessage, text: string) =>
  clusterRefused(statusCode!, parseAnswer(text).error || text.slice(0, 200))

const webSocketUrl = (path: string, { hostname, port }: URL) => `wss://${hostname}:${port || 8443}${path}`
const addressOf = ({ hostname, port }: URL) => ({ host: hostname, port: Number(port || 8443) })

/** A pinned certificate is trusted for any host name. */
const tlsOptions = ({ tls }: Extract<Endpoint, { url: URL }>) => ({
  ...tls,
  ...(tls.ca ? { checkServerIdentity: () => undefined } : {}),
})

interface Answer {
  metadata?: unknown
  operation?: string
  error?: string
}

function parseAnswer(text: string): Answer {
  try {
    return JSON.parse(text) as Answer
  } catch {
    return {}
  }
}
