import { readFile } from 'node:fs/promises'

/** Never addresses of one computer on the internet, whatever is allowed. */
const RESERVED_RANGES = ['0.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4']

/** Every range that is closed to machines with a way out. IPv6 needs none: there is no way out for it. */
export const listBlockedRanges = async (closed: string[]) => [
  ...new Set([...RESERVED_RANGES, ...closed, ...(await readOwnAddresses())]),
]

/**
 * All addresses at which this computer itself answers, of interfaces that are down too, as the kernel
 * routes them (proc(5), `fib_trie`).
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
    // Every network has its own 127.0.0.0/8.
    if (length && !address.startsWith('127.')) own.add(`${address}/${length}`)
  }
  return [...own]
}
