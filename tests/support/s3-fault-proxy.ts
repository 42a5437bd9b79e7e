import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as sendRequest,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { S3Service } from './s3-service'

/** What happens to a request. */
export type S3Fault =
  /** An answer of S3 in place of the service's. */
  | { status: number; code: string }
  /**
   * The connection is reset after so many bytes of the body of the request or of the response, and `until` resolved. A
   * reset discards what the reader has not received.
   */
  | { resetRequestAfter: number }
  | { resetResponseAfter: number; until?: () => Promise<unknown> }
  /** The service carries the request out, and the connection is reset instead of a response. */
  | { loseResponse: true }
  /** The response arrives in pieces of so many bytes, with 5 ms between them. */
  | { pieceBytes: number }
  /** The body of the response or of the request is changed. */
  | { corrupt: true }
  | { corruptRequest: true }

interface SeenRequest {
  method: string
  /** With the query. */
  path: string
  range?: string
  headers: IncomingHttpHeaders
}

/**
 * An HTTP proxy to an S3 service that breaks requests. Signatures stay valid, because it changes no header. While it is
 * `away`, connections are reset.
 */
export async function startS3FaultProxy(service: S3Service) {
  const upstream = new URL(service.endpoint)
  const sockets = new Set<Socket>()
  const requests: SeenRequest[] = []
  let isAway = false
  let chooseFault: (request: SeenRequest) => S3Fault | null = () => null

  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const seen = { method, path: url, range: headers.range, headers }
    requests.push(seen)
    const fault = chooseFault(seen)
    if (fault && 'status' in fault) return sendS3Error(request, response, fault)
    const reset = () => request.socket.resetAndDestroy()
    const forwarded = sendRequest(
      { host: upstream.hostname, port: upstream.port, method, path: url, headers },
      (answer) => {
        if (fault && 'loseResponse' in fault) return void answer.resume().on('end', reset)
        response.writeHead(answer.statusCode!, answer.rawHeaders)
        // Headers arrive before a fault in the body.
        response.flushHeaders()
        void sendBody(answer, response, { fault, reset })
      },
    )
    forwarded.on('error', reset)
    response.on('close', () => forwarded.destroy())
    let receivedBytes = 0
    request.on('data', (chunk: Buffer) => {
      if (fault && 'corruptRequest' in fault && receivedBytes === 0) chunk[0]! ^= 1
      receivedBytes += chunk.length
      if (fault && 'resetRequestAfter' in fault && receivedBytes > fault.resetRequestAfter) reset()
    })
    request.on('error', () => forwarded.destroy())
    request.pipe(forwarded)
  })
  server.on('connection', (socket) => {
    if (isAway) return void socket.resetAndDestroy()
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    service: { ...service, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    requests,
    /** Applies to requests that begin from now on. */
    setFault: (choose: typeof chooseFault) => void (chooseFault = choose),
    leave() {
      isAway = true
      for (const socket of sockets) socket.resetAndDestroy()
    },
    comeBack: () => void (isAway = false),
    close: () => (server.closeAllConnections(), server.close()),
  }
}

function sendS3Error(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code }: { status: number; code: string },
) {
  request.resume()
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  )
}

async function sendBody(
  answer: IncomingMessage,
  response: ServerResponse,
  { fault, reset }: { fault: S3Fault | null; reset: () => void },
) {
  let sentBytes = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      const pieceBytes = fault && 'pieceBytes' in fault ? fault.pieceBytes : chunk.length
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        const piece = Buffer.from(chunk.subarray(at, at + pieceBytes))
        if (fault && 'corrupt' in fault) piece[0]! ^= 1
        sentBytes += piece.length
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve))
        if (fault && 'resetResponseAfter' in fault && sentBytes > fault.resetResponseAfter) {
          await (fault.until?.() ?? delay(20))
          return reset()
        }
        if (fault && 'pieceBytes' in fault) await delay(5)
      }
    }
    response.end()
  } catch {
    reset()
  }
}
