import { expect, it } from 'vitest'
import { readConfig } from '@/lib/config/config'
import { resolveClientIp } from './client-ip'

const resolveIp = (peer: string, forwarded?: string, proxies?: string) =>
  resolveClientIp({ peer, forwarded, trusted: readConfig({ TRUSTED_PROXIES: proxies }).TRUSTED_PROXIES })

it('believes nobody but a trusted proxy: this computer, if nothing else is set', () => {
  expect(resolveIp('198.51.100.9', '203.0.113.7')).toBe('198.51.100.9')
  expect(resolveIp('2001:db8::9', '203.0.113.7')).toBe('2001:db8::9')
  expect(resolveIp('127.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
  expect(resolveIp('::1', '2001:db8::7')).toBe('2001:db8::7')
  expect(resolveIp('::ffff:127.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
  expect(resolveIp('127.0.0.1', '203.0.113.7', 'none')).toBe('127.0.0.1')
})

it('takes from a chain the nearest that is no trusted proxy', () => {
  expect(resolveIp('127.0.0.1', '1.2.3.4, 203.0.113.7')).toBe('203.0.113.7')
  const proxies = '10.0.0.0/8, 192.0.2.5 2001:db8::/32'
  expect(resolveIp('10.1.1.1', '1.2.3.4, 203.0.113.7, 192.0.2.5, 2001:db8::1', proxies)).toBe('203.0.113.7')
  expect(resolveIp('127.0.0.1', '203.0.113.7', proxies)).toBe('127.0.0.1')
})

it('names the last that it can where there is nobody else, or no address', () => {
  expect(resolveIp('127.0.0.1')).toBe('127.0.0.1')
  expect(resolveIp('127.0.0.1', '')).toBe('127.0.0.1')
  expect(resolveIp('127.0.0.1', '127.0.0.9, 127.0.0.2')).toBe('127.0.0.9')
  expect(resolveIp('127.0.0.1', '203.0.113.7, unknown')).toBe('127.0.0.1')
})

it('says which proxies are none', () => {
  expect(() => resolveIp('127.0.0.1', '', 'localhost')).toThrow('TRUSTED_PROXIES')
  expect(() => resolveIp('127.0.0.1', '', '10.0.0.0/33')).toThrow('TRUSTED_PROXIES')
})
