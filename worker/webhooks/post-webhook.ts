import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps, type RequestOptions } from 'node:https'
import type { LookupFunction } from 'node:net'
import { parseWebhookUrl, isAllowedAddress, addressRefusedError } from '@/lib/webhooks/url-policy'

/** From the lookup of the name to the head of the answer. */
const TIMEOUT_MS = 15_000
/** How much of an answer is looked at, and how long it may take after its head. */
const RESPONSE_HEAD_BYTES = 1_024
const RESPONSE_HEAD_TIMEOUT_MS = 2_000

export interface WebhookResponse {
  status: number
  retryAfter: string | undefined
  /** The beginning of the answer, as text. */
  responseHead: string
}

interface Options {
  url: string
  body: string
  headers: Record<string, string>
  signal: AbortSignal
  /** Default 15 s. */
  timeoutMs?: number
}

/**
 * POSTs `body` once. No redirect is followed, no connection kept. What the name stands for is judged where
 * the connection is made, so an answer of the DNS that changes in between helps nobody.
 * @throws {AppError} webhook.address_refused; any other error when there was no answer in time.
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
    const asked = send(target, { ...options, signal: AbortSignal.any([signal, deadline]) }, (answer) => {
      const parts: Buffer[] = []
      let size = 0
      const finish = () => {
        clearTimeout(patience)
        // The rest of it, however long, is not read.
        asked.destroy()
        const responseHead = Buffer.concat(parts)
          .subarray(0, RESPONSE_HEAD_BYTES)
          .toString()
          .replaceAll('\0', '')
        resolve({ status: answer.statusCode!, retryAfter: answer.headers['retry-after'], responseHead })
      }
      const patience = setTimeout(finish, RESPONSE_HEAD_TIMEOUT_MS)
      answer.on('data', (part: Buffer) => {
        parts.push(part)
        size += part.length
        if (size >= RESPONSE_HEAD_BYTES) finish()
      })
      answer.once('end', finish)
      answer.once('error', finish)
    })
    asked.once('error', (error) =>
      reject(deadline.aborted ? new Error(`No answer within ${timeoutMs / 1000} s`) : error),
    )
    asked.end(body)
  })
}

/** As the usual lookup; a name of which any address is refused is refused. */
const lookupAllowedAddress: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, [])
    const bad = found.find(({ address }) => !isAllowedAddress(address))
    if (bad)
      return done(addressRefusedError(`${hostname} is ${bad.address}, which is not a public address.`), [])
    if (options.all) return done(null, found)
    done(null, found[0]!.address, found[0]!.family)
  })
}
