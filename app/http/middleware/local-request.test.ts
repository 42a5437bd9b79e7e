import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { isLocalRequest } from './local-request'

const isLocal = (headers: IncomingHttpHeaders = {}, peer = '127.0.0.1', httpVersion = '1.1') =>
  isLocalRequest({
    headers: { host: 'localhost:3000', ...headers },
    httpVersion,
    socket: { remoteAddress: peer },
  } as unknown as IncomingMessage)

it('recognizes a direct request over loopback', () => {
  expect(isLocal()).toBe(true)
  expect(isLocal({ host: '[::1]:3000' }, '::1')).toBe(true)
  expect(isLocal({ host: '127.0.0.1', origin: 'http://127.0.0.1' }, '::ffff:127.0.0.1')).toBe(true)
})

it('does not trust a request that a proxy on this computer may have forwarded', () => {
  for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto'])
    expect(isLocal({ [name]: '127.0.0.1' })).toBe(false)
  expect(isLocal({ host: 'videos.example.com' })).toBe(false)
  expect(isLocal({}, '127.0.0.1', '1.0')).toBe(false)
})

it('does not trust other computers and pages of other sites', () => {
  expect(isLocal({}, '192.0.2.7')).toBe(false)
  expect(isLocal({ host: '127.0.0.1.example.com' })).toBe(false)
  expect(isLocal({ host: '' })).toBe(false)
  expect(isLocal({ origin: 'https://example.com' })).toBe(false)
  expect(isLocal({ origin: 'null' })).toBe(false)
})
