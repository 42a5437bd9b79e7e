import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { config } from '../config/config'

/** The networks of this computer's interfaces, its own addresses included, in CIDR notation. */
export const listOwnNetworks = () =>
  Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.flatMap(({ cidr }) => cidr ?? []))

/**
 * The networks of this computer's interfaces and the addresses of PUBLIC_URL: behind address translation, no interface
 * has them. A name that cannot be resolved has none.
 */
export async function resolveOwnNetworks() {
  const { PUBLIC_URL } = config()
  if (!PUBLIC_URL) return listOwnNetworks()
  const hostname = new URL(PUBLIC_URL).hostname.replace(/^\[(.*)\]$/, '$1')
  const addresses = await lookup(hostname, { all: true }).catch(() => [])
  return [...listOwnNetworks(), ...addresses.map(({ address }) => address)]
}
