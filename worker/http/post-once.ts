import { request as requestHttp } from 'node:http'
import { request as requestHttps, type RequestOptions } from 'node:https'
import type { OutboundPolicy } from '@/lib/http/outbound-url'
import * as messages from '@/lib/generated/messages/connection-errors'
import { createGuardedLookup } from './guarded-lookup'
import { noResponseError } from './no-response'

/** From the DNS lookup to the response headers. */
const TIMEOUT_MS = 15_000

interface Options {
  /** Validated against `policy`, which the addresses of its host name are checked against here. */
  target: URL
  policy: OutboundPolicy
  body: string | Buffer
  headers: Record<string, string>
  signal: AbortSignal
  /** Default: 15 s. */
  timeoutMs?: number
}

interface PostResponse {
  status: number
  retryAfter: string | undefined
}

/**
 * POSTs `body` once, without following redirects or reusing connections, and reads no response body. The address is
 * checked in the lookup of the connection itself, so that a DNS answer cannot change between check and use. Aborting
 * `signal` aborts the request.
 * @throws the error of the policy. @throws {AppError} connection.no_response after `timeoutMs`
 */
export function postOnce({
  target,
  policy,
  body,
  headers,
  signal,
  timeoutMs = TIMEOUT_MS,
}: Options): Promise<PostResponse> {
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    lookup: createGuardedLookup(policy),
    headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
  }
  const deadline = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve, reject) => {
    const request = send(target, { ...options, signal: AbortSignal.any([signal, deadline]) }, (response) => {
      // Discards the body: showing it would let users read what only this server can reach.
      request.destroy()
      resolve({ status: response.statusCode!, retryAfter: response.headers['retry-after'] })
    })
    request.once('error', (error) =>
      reject(deadline.aborted ? noResponseError(messages.noResponse({ seconds: timeoutMs / 1000 })) : error),
    )
    request.end(body)
  })
}
