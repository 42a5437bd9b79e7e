import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6

/** Accepts CIDR notation (`10.0.0.0/8`) or a single address. */
export const isIpNetwork = (text: string) => isIP(text) !== 0 || ipaddr.isValidCIDR(text)

const parseIpNetwork = (text: string) => {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, address.toByteArray().length * 8] as [IpAddress, number]
}

/** Whether an address is in one of `networks`, each valid by `isIpNetwork`. */
export const isInNetworks = (address: IpAddress, networks: readonly string[]) =>
  networks
    .map(parseIpNetwork)
    .some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))

/** Whether a host name or address is certainly this computer. IPv6 addresses may be in brackets. */
export function isLoopbackHost(host: string) {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  return isIP(name) ? ipaddr.process(name).range() === 'loopback' : name === 'localhost'
}
