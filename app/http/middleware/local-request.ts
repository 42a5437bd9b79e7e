import type { IncomingMessage } from 'node:http'
import { config } from '@/lib/config/config'
import { isLoopbackHost } from '@/lib/http/ip-networks'
import { LOCAL_REQUEST_HEADER } from '@/lib/http/local-request-header'
import { isCrossOrigin } from './same-origin'

/** A proxy adds at least one of them. */
const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
]

/** Marks a request that certainly comes from this computer. Call it before `setClientIp`, which adds a proxy header. */
export function markLocalRequest(request: IncomingMessage) {
  if (isLocalRequest(request)) request.headers[LOCAL_REQUEST_HEADER] = '1'
  else delete request.headers[LOCAL_REQUEST_HEADER]
}

/**
 * Whether the server is reachable only from this computer, and no proxy on it forwarded the request. nginx forwards with
 * `Host: 127.0.0.1` and HTTP/1.0 unless configured otherwise; a page of another site may resolve its own name to
 * 127.0.0.1 or submit a form.
 */
export function isLocalRequest({ headers, httpVersion, socket }: IncomingMessage) {
  const { HOST, publicUrl } = config()
  return (
    isLoopbackHost(HOST) &&
    isLoopbackHost(new URL(publicUrl).hostname) &&
    isLoopbackHost(socket.remoteAddress ?? '') &&
    isLoopbackHost(hostnameOf(headers.host)) &&
    httpVersion !== '1.0' &&
    PROXY_HEADERS.every((name) => headers[name] === undefined) &&
    !isCrossOrigin(headers)
  )
}

const hostnameOf = (host = '') => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '')
