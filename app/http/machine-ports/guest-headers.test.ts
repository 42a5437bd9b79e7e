import { expect, it } from 'vitest'
import { headersFromGuest, headersToGuest } from './guest-headers'

const target = { port: 8080, base: '/machines/1/ports/8080/~token' }

it('passes only listed headers, none of which identifies the caller', () => {
  const headers = {
    'x-forwarded-for': '10.0.0.1',
    'x-forwarded-user': 'ada',
    'x-remote-user': 'ada',
    'remote-email': 'ada@example.com',
    'cf-access-jwt-assertion': 'secret',
    'x-amzn-oidc-data': 'secret',
    forwarded: 'for=10.0.0.1',
    cookie: 'session=1',
    authorization: 'Bearer mw_1',
    origin: 'null',
    referer: '/x',
    accept: '*/*',
  }
  expect(headersToGuest(headers, 8080)).toEqual({ accept: '*/*', host: 'localhost:8080' })
})

it('removes headers that affect the whole origin and sandboxes the page', () => {
  const headers = headersFromGuest(
    {
      'set-cookie': ['better-auth.session_token=evil'],
      'clear-site-data': '"*"',
      'service-worker-allowed': '/',
      'content-security-policy': "default-src 'self'",
      'access-control-allow-credentials': 'true',
      'content-type': 'text/html',
    },
    target,
  )
  expect(Object.keys(headers)).not.toContain('set-cookie')
  expect(Object.keys(headers)).not.toContain('clear-site-data')
  expect(Object.keys(headers)).not.toContain('service-worker-allowed')
  expect(Object.keys(headers)).not.toContain('access-control-allow-credentials')
  expect(headers).toMatchObject({ 'content-type': 'text/html', 'referrer-policy': 'no-referrer' })
  const [own, ours] = headers['content-security-policy'] as unknown as string[]
  expect(own).toBe("default-src 'self'")
  expect(ours).toMatch(/^sandbox /)
  expect(ours).not.toContain('allow-same-origin')
  expect(ours).not.toContain('allow-top-navigation')
})

it.each([
  ['/in', `${target.base}/in`],
  ['http://localhost:8080/in', `${target.base}/in`],
  ['http://127.0.0.1:8080', `${target.base}/`],
  ['next', 'next'],
  ['//elsewhere.example/', '//elsewhere.example/'],
  ['http://localhost:80801/', 'http://localhost:80801/'],
  ['https://elsewhere.example/', 'https://elsewhere.example/'],
])('rewrites a redirect to %s to %s', (location, rewritten) => {
  expect(headersFromGuest({ location }, target)).toMatchObject({ location: rewritten })
})
