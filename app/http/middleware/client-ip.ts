import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddr from 'proxy-addr'
import { config } from '@/lib/config/config'

/** Replaces `x-forwarded-for` by the address of the client. better-auth limits its request rates by that header. */
export function setClientIp(request: IncomingMessage) {
  request.headers['x-forwarded-for'] = resolveClientIp(request, config().TRUSTED_PROXIES)
}

/**
 * The nearest address in `X-Forwarded-For` that is no trusted proxy, or the farthest if all are. proxy-addr also returns
 * entries that are no address, such as `unknown`; then the proxy that sent it counts as the client.
 */
export function resolveClientIp(request: IncomingMessage, trustedProxies: readonly string[]) {
  const hops = proxyAddr.all(request, [...trustedProxies])
  return hops.findLast((hop) => isIP(hop) !== 0)?.split('%')[0] ?? ''
}
