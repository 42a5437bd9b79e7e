import { readFile } from 'node:fs/promises'

/** Ranges without unicast hosts on the internet, and services of clouds, which are always blocked. */
const RESERVED_RANGES = [
  ['0.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4'],
  // Link-local (RFC 3927): instance metadata of most clouds.
  ['169.254.0.0/16'],
  // Metadata of Azure and of Alibaba Cloud.
  ['168.63.129.16/32', '100.100.100.200/32'],
  // Protocol assignments (RFC 6890), with metadata of Oracle Cloud, and benchmarks (RFC 2544).
  ['192.0.0.0/24', '198.18.0.0/15'],
].flat()

/** All CIDR ranges that outbound machines cannot reach. Outbound networks have no IPv6, so none of its ranges is needed. */
export const listBlockedRanges = async (configured: string[]) => [
  ...new Set([...RESERVED_RANGES, ...configured, ...(await readOwnAddresses())]),
]

/**
 * Reads all IPv4 addresses of this host, including those of interfaces that are down, from the routing table of the kernel
 * (/proc/net/fib_trie).
 */
export async function readOwnAddresses() {
  return parseOwnAddresses(await readFile('/proc/net/fib_trie', 'utf8'))
}

export function parseOwnAddresses(trie: string) {
  const own = new Set<string>()
  let address = ''
  for (const line of trie.split('\n')) {
    address = /\|-- (\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1] ?? address
    const length = /\/(\d+) host LOCAL/.exec(line)?.[1]
    // Every network namespace has its own 127.0.0.0/8.
    if (length && !address.startsWith('127.')) own.add(`${address}/${length}`)
  }
  return [...own]
}
