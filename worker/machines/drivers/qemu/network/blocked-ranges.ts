import { readFile } from 'node:fs/promises'

/** Ranges without unicast hosts on the internet, which are always blocked. */
const RESERVED_RANGES = ['0.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4']

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
