import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { config } from '../config/config'
import { AppError } from '../errors'
import { type IpAddress, isInNetworks } from '../http/ip-networks'

/** Public by its number, and yet the host of Azure's machines. */
const METADATA_ADDRESSES = ['168.63.129.16']

/** All of IPv6 that is given out for the internet. */
const GLOBAL_IPV6_NETWORKS = ['2000::/3']

/** Whether a webhook may be sent to this IP address: a public one, or one that WEBHOOK_ALLOW_PRIVATE names. */
export function isAllowedAddress(
  address: string,
  allowed: readonly string[] = config().WEBHOOK_ALLOW_PRIVATE,
) {
  // A zone names an interface of this computer.
  if (!ipaddr.isValid(address) || address.includes('%')) return false
  const ip = unwrapNat64(ipaddr.process(address))
  if (isInNetworks(ip, allowed)) return true
  if (ip.kind() === 'ipv6' && !isInNetworks(ip, GLOBAL_IPV6_NETWORKS)) return false
  return ip.range() === 'unicast' && !isInNetworks(ip, METADATA_ADDRESSES)
}

/**
 * What can be told of the address of a webhook before its name is looked up. What the name stands for is
 * checked at every connection.
 * @throws {AppError} webhook.address_refused
 */
export function parseWebhookUrl(text: string) {
  const url = new URL(text)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw addressRefusedError('Only http and https are possible.')
  if (url.username || url.password)
    throw addressRefusedError('Names and passwords in the address are not sent.')
  if (port !== 80 && port !== 443 && port < 1024)
    throw addressRefusedError(
      `Port ${port} belongs to another service. 80, 443 and those from 1024 on are possible.`,
    )
  const host = bareHostname(url)
  if (isIP(host) && !isAllowedAddress(host)) throw addressRefusedError(`${host} is not a public address.`)
  return url
}

/** The host as a name or a bare address: IPv6 without its brackets. */
export const bareHostname = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1')

export const addressRefusedError = (why: string) =>
  new AppError({
    code: 'webhook.address_refused',
    message: `Webhooks are not sent there. ${why}`,
    status: 422,
  })

/** NAT64 carries an IPv4 address, and leads to it. */
function unwrapNat64(ip: IpAddress): IpAddress {
  const bytes = ip.toByteArray()
  const isNat64 = ip.kind() === 'ipv6' && isInNetworks(ip, ['64:ff9b::/96'])
  return isNat64 ? ipaddr.fromByteArray(bytes.slice(12)) : ip
}
