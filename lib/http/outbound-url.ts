import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import * as messages from '../generated/messages/connection-errors'
import { type IpAddress, isInNetworks } from './ip-networks'
import { listOwnNetworks } from './own-networks'

/** The metadata service of Azure, which has a public address. */
const METADATA_ADDRESSES = ['168.63.129.16']

/** IPv6 global unicast addresses (RFC 4291). */
const GLOBAL_IPV6_NETWORKS = ['2000::/3']

interface Networks {
  /** Networks that the operator allows although they are private or this server's own. */
  allowed: readonly string[]
  /** Networks of this server, which are refused unless allowed. Default: those of its interfaces. */
  own?: readonly string[]
}

/** Where this server may send requests that users have chosen the URL of. */
export interface OutboundPolicy extends Networks {
  /** Creates the error for a refused URL, from a sentence in the current language. */
  refuse(reason: string): Error
}

/** Whether it is a public address outside of this server's own networks, or in an allowed network. */
export function isOutboundAddress(address: string, { allowed, own = listOwnNetworks() }: Networks) {
  // A zone refers to a network interface of this computer.
  if (!ipaddr.isValid(address) || address.includes('%')) return false
  const ip = unwrapNat64(ipaddr.process(address))
  if (isInNetworks(ip, allowed)) return true
  if (ip.kind() === 'ipv6' && !isInNetworks(ip, GLOBAL_IPV6_NETWORKS)) return false
  return ip.range() === 'unicast' && !isInNetworks(ip, [...METADATA_ADDRESSES, ...own])
}

/**
 * Parses and validates a URL, without resolving its host name: that is checked at every connection.
 * @throws the error of `policy.refuse`
 */
export function parseOutboundUrl(text: string, policy: OutboundPolicy) {
  const { refuse } = policy
  if (!URL.canParse(text)) throw refuse(messages.urlInvalid())
  const url = new URL(text)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(messages.urlProtocol())
  if (url.username || url.password) throw refuse(messages.urlCredentials())
  if (port !== 80 && port !== 443 && port < 1024) throw refuse(messages.urlPort({ port: String(port) }))
  const host = bareHostname(url)
  if (isIP(host) && !isOutboundAddress(host, policy)) throw refuse(messages.urlPrivate({ host }))
  return url
}

/** The host name or IP address; IPv6 without brackets. */
export const bareHostname = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1')

/** Returns the IPv4 address that a NAT64 address embeds (RFC 6052); other addresses unchanged. */
function unwrapNat64(ip: IpAddress): IpAddress {
  const bytes = ip.toByteArray()
  const isNat64 = ip.kind() === 'ipv6' && isInNetworks(ip, ['64:ff9b::/96'])
  return isNat64 ? ipaddr.fromByteArray(bytes.slice(12)) : ip
}
