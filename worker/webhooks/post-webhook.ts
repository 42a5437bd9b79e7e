import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps, type RequestOptions } from 'node:https'
import type { LookupFunction } from 'node:net'
import { parseWebhookUrl, isAllowedAddress, addressRefusedError } from '@/lib/webhooks/url-policy'

/** From the DNS lookup to the response headers. */
const TIMEOUT_MS = 15_000
/** How much of the response body is recorded, and how long it may take after the response headers. */
const RESPONSE_HEAD_BYTES = 1_024
const RESPONSE_HEAD_TIMEOUT_MS = 2_000

export interface WebhookResponse {
  status: number
  retryAfter: string | undefined
  /** The first bytes of the response body, as text. */
  responseHead: string
}

interface Options {
  url: string
  body: string
  headers: Record<string, string>
  signal: AbortSignal
  /** Default: 15 s. */
  timeoutMs?: number
}

/**
 * POSTs `body` once, without following redirects or reusing connections. The address is checked in the lookup of the
 * connection itself, so that a DNS answer cannot change between check and use. Aborting `signal` aborts the request.
 * @throws {AppError} webhook.address_refused. @throws {Error} if there is no response within `timeoutMs`
 */
export async function postWebhook({
  url,
  body,
  headers,
  signal,
  timeoutMs = TIMEOUT_MS,
}: Options): Promise<WebhookResponse> {
  const target = parseWebhookUrl(url)
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    lookup: lookupAllowedAddress,
    headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
  }
  const deadline = AbortSignal.timeout(timeoutMs)
  return new Promise<WebhookResponse>((resolve, reject) => {
    const request = send(target, { ...options, signal: AbortSignal.any([signal, deadline]) }, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      const finish = () => {
        clearTimeout(timeout)
        // Discards the rest of the body.
        request.destroy()
        const responseHead = Buffer.concat(chunks)
          .subarray(0, RESPONSE_HEAD_BYTES)
          .toString()
          .replaceAll('\0', '')
        resolve({ status: response.statusCode!, retryAfter: response.headers['retry-after'], responseHead })
      }
      const timeout = setTimeout(finish, RESPONSE_HEAD_TIMEOUT_MS)
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size >= RESPONSE_HEAD_BYTES) finish()
      })
      response.once('end', finish)
      response.once('error', finish)
    })
    request.once('error', (error) =>
      reject(deadline.aborted ? new Error(`No response within ${timeoutMs / 1000} s`) : error),
    )
    request.end(body)
  })
}

/** Like `dns.lookup`, but fails for a host name if any of its addresses is not allowed. */
const lookupAllowedAddress: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, [])
    const forbidden = addresses.find(({ address }) => !isAllowedAddress(address))
    if (forbidden)
      return done(
        addressRefusedError(`${hostname} resolves to ${forbidden.address}, which is not a public address.`),
        [],
      )
    if (options.all) return done(null, addresses)
    done(null, addresses[0]!.address, addresses[0]!.family)
  })
}
