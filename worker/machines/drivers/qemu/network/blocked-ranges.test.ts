import { expect, it } from 'vitest'
import { listBlockedRanges, parseOwnAddresses } from './blocked-ranges'

it('lists every local address of the kernel’s routing table once', () => {
  const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     |-- 192.0.2.0
        /24 link UNICAST
Local:
  +-- 127.0.0.0/8 2 0 2
     |-- 127.0.0.0
        /8 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 192.0.2.2
        /32 host LOCAL
     |-- 203.0.113.0
        /24 host LOCAL
     |-- 192.0.2.255
        /32 link BROADCAST
Local:
     |-- 192.0.2.2
        /32 host LOCAL
`
  expect(parseOwnAddresses(trie)).toEqual(['192.0.2.2/32', '203.0.113.0/24'])
})

it('blocks metadata services and special ranges, even if the configuration names none', async () => {
  expect(await listBlockedRanges([])).toEqual(
    expect.arrayContaining([
      '169.254.0.0/16',
      '168.63.129.16/32',
      '100.100.100.200/32',
      '192.0.0.0/24',
      '198.18.0.0/15',
    ]),
  )
})
