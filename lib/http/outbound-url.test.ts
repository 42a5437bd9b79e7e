import { describe, expect, it } from 'vitest'
import { runWithLocale } from '../i18n/run-with-locale'
import { isOutboundAddress, type OutboundPolicy, parseOutboundUrl } from './outbound-url'

const policy: OutboundPolicy = { allowed: [], refuse: (reason) => new Error(`refused: ${reason}`) }

describe('isOutboundAddress', () => {
  it.each([
    '127.0.0.1',
    '127.8.9.10',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    'fe80::1',
    'fe80::1%lo',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'no address',
  ])('refuses %s', (address) => expect(isOutboundAddress(address, { allowed: [] })).toBe(false))

  it.each(['1.1.1.1', '93.184.216.34', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2606:4700::1111'])(
    'allows %s',
    (address) => expect(isOutboundAddress(address, { allowed: [] })).toBe(true),
  )

  it('allows an address in an allowed private network, in any notation', () => {
    const allowed = ['10.0.0.0/8', 'fd00::/8']
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'])
      expect(isOutboundAddress(address, { allowed })).toBe(true)
    for (const address of ['11.0.0.1.', '127.0.0.1', '::1', 'fc00::1'])
      expect(isOutboundAddress(address, { allowed })).toBe(false)
  })

  it('refuses the networks of this server, in any notation, unless they are allowed', () => {
    const own = ['93.184.216.34/24', '2606:4700:1::5/64']
    for (const address of ['93.184.216.34', '93.184.216.99', '::ffff:93.184.216.34', '2606:4700:1::9']) {
      expect(isOutboundAddress(address, { allowed: [], own })).toBe(false)
      expect(isOutboundAddress(address, { allowed: own, own })).toBe(true)
    }
    expect(isOutboundAddress('93.184.217.1', { allowed: [], own })).toBe(true)
  })
})

describe('parseOutboundUrl', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]:8080/',
    'http://[::ffff:7f00:1]/',
    'http://user:word@example.com/',
    'http://example.com:22/',
    'ftp://example.com/',
    'no url',
  ])('refuses %s', (url) => expect(() => parseOutboundUrl(url, policy)).toThrow(/^refused: /))

  it('explains the refusal in the current language', () =>
    expect(() => runWithLocale('de', () => parseOutboundUrl('no url', policy))).toThrow(
      'refused: Das ist keine URL.',
    ))

  it.each(['https://example.com/hook', 'http://example.com:8080/', 'https://1.1.1.1/'])('accepts %s', (url) =>
    expect(parseOutboundUrl(url, policy).href).toBe(url),
  )
})
