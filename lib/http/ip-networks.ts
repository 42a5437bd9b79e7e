import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6

/** `10.0.0.0/8`, or an address alone, which is a network of one. */
export const isIpNetwork = (text: string) => isIP(text) !== 0 || ipaddr.isValidCIDR(text)

const parseIpNetwork = (text: string) => {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, address.toByteArray().length * 8] as [IpAddress, number]
}

/** Whether it is in one of `networks`, each as `isNetwork` takes it. */
export const isInNetworks = (address: IpAddress, networks: readonly string[]) =>
  networks
    .map(parseIpNetwork)
    .some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))
