import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { config } from '../config/config'
import { AppError } from '../errors'
import { type IpAddress, isInNetworks } from '../http/ip-networks'
import { listOwnNetworks } from '../http/own-networks'

/** The metadata service of Azure, which has a public address. */
const METADATA_ADDRESSES = ['168.63.129.16']

/** IPv6 global unicast addresses (RFC 4291). */
const GLOBAL_IPV6_NETWORKS = ['2000::/3']

interface Networks {
  /** Default: WEBHOOK_ALLOW_PRIVATE. */
  allowed?: readonly string[]
  /** Networks of this server, which are refused unless allowed. Default: those of its interfaces. */
  own?: readonly string[]
}

/**
 * Whether webhooks may be sent to this IP address: a public one outside of this server's own networks, or one in
 * WEBHOOK_ALLOW_PRIVATE.
 */
export function isAllowedAddress(
  address: string,
  { allowed = config().WEBHOOK_ALLOW_PRIVATE, own = listOwnNetworks() }: Networks = {},
) {
  // A zone refers to a network interface of this computer.
  if (!ipaddr.isValid(address) || address.includes('%')) return false
  const ip = unwrapNat64(ipaddr.process(address))
  if (isInNetworks(ip, allowed)) return true
  if (ip.kind() === 'ipv6' && !isInNetworks(ip, GLOBAL_IPV6_NETWORKS)) return false
  return ip.range() === 'unicast' && !isInNetworks(ip, [...METADATA_ADDRESSES, ...own])
}

/**
 * Parses and validates the URL of a webhook, without resolving its host name: that is checked at every connection.
 * @throws {AppError} webhook.address_refused
 */
export function parseWebhookUrl(text: string, networks?: Networks) {
  const url = new URL(text)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw addressRefusedError('Only http and https URLs are allowed.')
  if (url.username || url.password) throw addressRefusedError('The URL must not contain credentials.')
  if (port !== 80 && port !== 443 && port < 1024)
    throw addressRefusedError(`Port ${port} is not allowed. Use 80, 443, or 1024 and above.`)
  const host = bareHostname(url)
  if (isIP(host) && !isAllowedAddress(host, networks))
    throw addressRefusedError(`${host} is not a public address.`)
  return url
}

/** The host name or IP address; IPv6 without brackets. */
export const bareHostname = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1')

export const addressRefusedError = (reason: string) =>
  new AppError({
    code: 'webhook.address_refused',
    message: `Webhooks cannot be sent to this URL. ${reason}`,
    status: 422,
  })

/** Returns the IPv4 address that a NAT64 address embeds (RFC 6052); other addresses unchanged. */
function unwrapNat64(ip: IpAddress): IpAddress {
  const bytes = ip.toByteArray()
  const isNat64 = ip.kind() === 'ipv6' && isInNetworks(ip, ['64:ff9b::/96'])
  return isNat64 ? ipaddr.fromByteArray(bytes.slice(12)) : ip
}
