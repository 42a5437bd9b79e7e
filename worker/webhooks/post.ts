import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps, type RequestOptions } from 'node:https'
import type { LookupFunction } from 'node:net'
import { checkWebhookUrl, isAllowedAddress, refused } from '@/lib/webhooks/addresses'

/** From the lookup of the name to the head of the answer. */
const TIMEOUT_MS = 15_000
/** How much of an answer is looked at, and how long it may take after its head. */
const HEAD_BYTES = 1_024
const HEAD_MS = 2_000

export interface Posted {
  status: number
  retryAfter: string | undefined
  /** The beginning of the answer, as text. */
  responseHead: string
}

interface Message {
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
export async function post({ url, body, headers, signal, timeoutMs = TIMEOUT_MS }: Message): Promise<Posted> {
  const target = checkWebhookUrl(url)
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    lookup: lookupAllowed,
    headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
  }
  const deadline = AbortSignal.timeout(timeoutMs)
  return new Promise<Posted>((resolve, reject) => {
    const asked = send(target, { ...options, signal: AbortSignal.any([signal, deadline]) }, (answer) => {
      const parts: Buffer[] = []
      let size = 0
      const finish = () => {
        clearTimeout(patience)
        // The rest of it, however long, is not read.
        asked.destroy()
        const responseHead = Buffer.concat(parts).subarray(0, HEAD_BYTES).toString().replaceAll('\0', '')
        resolve({ status: answer.statusCode!, retryAfter: answer.headers['retry-after'], responseHead })
      }
      const patience = setTimeout(finish, HEAD_MS)
      answer.on('data', (part: Buffer) => {
        parts.push(part)
        size += part.length
        if (size >= HEAD_BYTES) finish()
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
const lookupAllowed: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, [])
    const bad = found.find(({ address }) => !isAllowedAddress(address))
    if (bad) return done(refused(`${hostname} is ${bad.address}, which is not a public address.`), [])
    if (options.all) return done(null, found)
    done(null, found[0]!.address, found[0]!.family)
  })
}
