import { describe, expect, it } from 'vitest'
import { parseWebhookUrl, isAllowedAddress } from './url-policy'

describe('isAllowedAddress', () => {
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
  ])('refuses %s', (address) => expect(isAllowedAddress(address, { allowed: [] })).toBe(false))

  it.each(['1.1.1.1', '93.184.216.34', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2606:4700::1111'])(
    'allows %s',
    (address) => expect(isAllowedAddress(address, { allowed: [] })).toBe(true),
  )

  it('allows an address in an allowed private network, in any notation', () => {
    const allowed = ['10.0.0.0/8', 'fd00::/8']
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'])
      expect(isAllowedAddress(address, { allowed })).toBe(true)
    for (const address of ['11.0.0.1.', '127.0.0.1', '::1', 'fc00::1'])
      expect(isAllowedAddress(address, { allowed })).toBe(false)
  })

  it('refuses the networks of this server, in any notation, unless they are allowed', () => {
    const own = ['93.184.216.34/24', '2606:4700:1::5/64']
    for (const address of ['93.184.216.34', '93.184.216.99', '::ffff:93.184.216.34', '2606:4700:1::9']) {
      expect(isAllowedAddress(address, { allowed: [], own })).toBe(false)
      expect(isAllowedAddress(address, { allowed: own, own })).toBe(true)
    }
    expect(isAllowedAddress('93.184.217.1', { allowed: [], own })).toBe(true)
  })
})

describe('parseWebhookUrl', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]:8080/',
    'http://[::ffff:7f00:1]/',
    'http://user:word@example.com/',
    'http://example.com:22/',
    'ftp://example.com/',
  ])('refuses %s', (url) =>
    expect(() => parseWebhookUrl(url)).toThrow(expect.objectContaining({ code: 'webhook.address_refused' })),
  )

  it.each(['https://example.com/hook', 'http://example.com:8080/', 'https://1.1.1.1/'])('accepts %s', (url) =>
    expect(parseWebhookUrl(url).href).toBe(url),
  )
})
