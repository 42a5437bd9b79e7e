import { expect, it } from 'vitest'
import { readConfig } from '@/lib/config'
import { clientAddress } from './client-address'

const asked = (peer: string, forwarded?: string, proxies?: string) =>
  clientAddress({ peer, forwarded, trusted: readConfig({ TRUSTED_PROXIES: proxies }).TRUSTED_PROXIES })

it('believes nobody but a trusted proxy: this computer, if nothing else is set', () => {
  expect(asked('198.51.100.9', '203.0.113.7')).toBe('198.51.100.9')
  expect(asked('2001:db8::9', '203.0.113.7')).toBe('2001:db8::9')
  expect(asked('127.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
  expect(asked('::1', '2001:db8::7')).toBe('2001:db8::7')
  expect(asked('::ffff:127.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
  expect(asked('127.0.0.1', '203.0.113.7', 'none')).toBe('127.0.0.1')
})

it('takes from a chain the nearest that is no trusted proxy', () => {
  expect(asked('127.0.0.1', '1.2.3.4, 203.0.113.7')).toBe('203.0.113.7')
  const proxies = '10.0.0.0/8, 192.0.2.5 2001:db8::/32'
  expect(asked('10.1.1.1', '1.2.3.4, 203.0.113.7, 192.0.2.5, 2001:db8::1', proxies)).toBe('203.0.113.7')
  expect(asked('127.0.0.1', '203.0.113.7', proxies)).toBe('127.0.0.1')
})

it('names the last that it can where there is nobody else, or no address', () => {
  expect(asked('127.0.0.1')).toBe('127.0.0.1')
  expect(asked('127.0.0.1', '')).toBe('127.0.0.1')
  expect(asked('127.0.0.1', '127.0.0.9, 127.0.0.2')).toBe('127.0.0.9')
  expect(asked('127.0.0.1', '203.0.113.7, unknown')).toBe('127.0.0.1')
})

it('says which proxies are none', () => {
  expect(() => asked('127.0.0.1', '', 'localhost')).toThrow('TRUSTED_PROXIES')
  expect(() => asked('127.0.0.1', '', '10.0.0.0/33')).toThrow('TRUSTED_PROXIES')
})
