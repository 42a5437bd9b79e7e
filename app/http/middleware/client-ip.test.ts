import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { readConfig } from '@/lib/config/config'
import { resolveClientIp } from './client-ip'

function resolveIp(peer: string, forwarded?: string, proxies?: string) {
  const headers = { 'x-forwarded-for': forwarded }
  const request = { headers, socket: { remoteAddress: peer } } as unknown as IncomingMessage
  return resolveClientIp(request, readConfig({ TRUSTED_PROXIES: proxies }).TRUSTED_PROXIES)
}

it('reads X-Forwarded-For only from a trusted proxy, by default the local computer', () => {
  expect(resolveIp('198.51.100.9', '203.0.113.7')).toBe('198.51.100.9')
  expect(resolveIp('2001:db8::9', '203.0.113.7')).toBe('2001:db8::9')
  expect(resolveIp('127.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
  expect(resolveIp('::1', '2001:db8::7')).toBe('2001:db8::7')
  expect(resolveIp('::ffff:127.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
  expect(resolveIp('127.0.0.1', '203.0.113.7', 'none')).toBe('127.0.0.1')
})

it('returns the nearest address in the chain that is no trusted proxy', () => {
  expect(resolveIp('127.0.0.1', '1.2.3.4, 203.0.113.7')).toBe('203.0.113.7')
  const proxies = '10.0.0.0/8, 192.0.2.5 2001:db8::/32'
  expect(resolveIp('10.1.1.1', '1.2.3.4, 203.0.113.7, 192.0.2.5, 2001:db8::1', proxies)).toBe('203.0.113.7')
  expect(resolveIp('127.0.0.1', '203.0.113.7', proxies)).toBe('127.0.0.1')
})

it('returns the farthest address of a chain of trusted proxies, up to an entry that is no address', () => {
  expect(resolveIp('127.0.0.1')).toBe('127.0.0.1')
  expect(resolveIp('127.0.0.1', '')).toBe('127.0.0.1')
  expect(resolveIp('127.0.0.1', '127.0.0.9, 127.0.0.2')).toBe('127.0.0.9')
  expect(resolveIp('127.0.0.1', '203.0.113.7, unknown')).toBe('127.0.0.1')
})

it('rejects a trusted proxy that is no address or network', () => {
  expect(() => resolveIp('127.0.0.1', '', 'localhost')).toThrow('TRUSTED_PROXIES')
  expect(() => resolveIp('127.0.0.1', '', '10.0.0.0/33')).toThrow('TRUSTED_PROXIES')
})
