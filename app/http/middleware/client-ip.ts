import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { config } from '@/lib/config/config'
import { isInNetworks } from '@/lib/http/ip-networks'

/** Makes `x-forwarded-for` the one address that a request comes from: better-auth counts by it. */
export function setClientIp({ headers, socket }: IncomingMessage) {
  const peer = socket.remoteAddress?.split('%')[0] ?? ''
  headers['x-forwarded-for'] = resolveClientIp({
    peer,
    forwarded: headers['x-forwarded-for']?.toString(),
    trusted: config().TRUSTED_PROXIES,
  })
}

/**
 * The nearest address that is no trusted proxy; where all are, the farthest. Each proxy writes whom it heard behind
 * what it was told, so what stands before the first stranger anybody may have written.
 */
export function resolveClientIp(asked: { peer: string; forwarded?: string; trusted: readonly string[] }) {
  const hops = asked.forwarded?.split(',').map((hop) => hop.trim()) ?? []
  let address = asked.peer
  while (isTrustedProxy(asked.trusted, address) && isIP(hops.at(-1) ?? '')) address = hops.pop()!
  return address
}

const isTrustedProxy = (trusted: readonly string[], address: string) =>
  isIP(address) !== 0 && isInNetworks(ipaddr.process(address), trusted)
