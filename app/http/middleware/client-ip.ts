import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
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

/** What a client is limited by: one household or server usually has a whole /64 of IPv6. */
export function toClientNetwork(address: string) {
  if (isIP(address) === 0) return address
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString()
}
