import { globSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestUser } from '@/tests/support/accounts'
import { listApiOperations } from '@/tests/support/api-operations'
import { useDatabase } from '@/tests/support/database'
import { signIn } from '@/tests/support/sign-in'
import { startWeb, type Web } from '@/tests/support/web'

const SOME_ID = '00000000-0000-4000-8000-000000000000'
const ROOT = path.resolve(import.meta.dirname, '../..')
const database = useDatabase()
let web: Web
let ada: TestUser
let cookie: string

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com', { isAdmin: true })
  cookie = await signIn({ web, user: ada })
})
afterAll(() => web.stop())

/** The paths of all pages, from the folders of the app. */
const pages = globSync('app/**/page.tsx', { cwd: ROOT }).map((file) =>
  `/${path.dirname(file).split('/').slice(1).join('/')}`
    .replaceAll(/\/\([^)]*\)/g, '')
    .replaceAll(/\[\w+\]/g, SOME_ID)
    .replace(/^$/, '/'),
)
const operations = listApiOperations().map(
  ({ method, path: at }) => [method, at.replaceAll(/\{\w+\}/g, SOME_ID)] as const,
)
const otherRoutes = [
  ['GET', '/api/metrics'],
  ['GET', '/api/openapi.json'],
  ['GET', '/api/no-such-path'],
  ['GET', '/api/auth/get-session'],
  ['GET', '/api/auth/no-such-path'],
  ['GET', '/api/%ZZ'],
  ['PUT', '/api/v1/tasks'],
  ['OPTIONS', '/api/uploads'],
  ['GET', `/api/uploads/${SOME_ID}`],
  ['POST', '/api/uploads'],
  ['HEAD', `/api/uploads/${SOME_ID}`],
  ['PATCH', `/api/uploads/${SOME_ID}`],
  ['DELETE', `/api/uploads/${SOME_ID}`],
  ['GET', '/api/socket/?EIO=4&transport=polling'],
  ['GET', '/api/socket/?EIO=9'],
  ['GET', `/media/videos/${SOME_ID}/hls/master.m3u8`],
  ['GET', `/media/videos/${SOME_ID}/source`],
  ['GET', `/media/shares/${SOME_ID}/hls/master.m3u8`],
] as const

/** Ends the request when its headers have arrived: an event stream has no end. */
async function fetchHead(method: string, at: string, headers: Record<string, string>) {
  const controller = new AbortController()
  const response = await fetch(web.url + at, {
    method,
    headers,
    signal: controller.signal,
    redirect: 'manual',
  })
  controller.abort()
  return response
}

function expectCommonHeaders({ headers }: Response) {
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  })
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  for (const name of ['x-powered-by', 'server', 'access-control-allow-origin', 'strict-transport-security'])
    expect(headers.has(name), name).toBe(false)
}

describe.each([...pages, '/no-such-page', '/videos/none'])('the page %s', (at) => {
  it.each(['an administrator', 'an anonymous client'])(
    'restricts scripts to its nonce for %s',
    async (who) => {
      const response = await fetch(web.url + at, {
        headers: who === 'an administrator' ? { cookie } : {},
        redirect: 'manual',
      })
      expectCommonHeaders(response)
      expect(response.headers.get('cache-control')).toContain('no-store')
      const policy = response.headers.get('content-security-policy')!
      const nonce = /script-src 'nonce-([A-Za-z0-9+/=]{24})' 'strict-dynamic';/.exec(policy)![1]
      expect(policy).not.toMatch(/script-src[^;]*unsafe/)
      for (const part of ["object-src 'none'", "base-uri 'none'", "form-action 'self'"])
        expect(policy).toContain(part)
      const html = await response.text()
      if (!response.headers.get('content-type')?.startsWith('text/html')) return
      for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`)
      expect(html).not.toMatch(/<[a-z][^>]* on[a-z]+=/)
    },
  )
})

it('a new nonce protects each response, and none that the request names', async () => {
  const request = () =>
    fetch(`${web.url}/sign-in`, {
      headers: { 'x-nonce': 'mine', 'content-security-policy': "script-src 'nonce-mine'" },
    })
  const [first, second] = await Promise.all([request(), request()])
  const policies = [first, second].map(({ headers }) => headers.get('content-security-policy'))
  expect(policies[0]).not.toBe(policies[1])
  expect(`${policies.join()}${await first.text()}`).not.toMatch(/nonce[-=]"?mine/)
})

describe.each([...operations, ...otherRoutes])('%s %s', (method, at) => {
  it('is data that is not cached, not framed and not sniffed', async () => {
    const credentials: Record<string, string>[] = [{}, { authorization: `Bearer ${ada.key}` }]
    for (const headers of credentials) {
      const response = await fetchHead(method, at, headers)
      expectCommonHeaders(response)
      expect(response.headers.get('cache-control')).toMatch(/no-store|private, no-cache/)
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(response.headers.get('content-security-policy')).not.toContain('script-src')
    }
  })
})

it('static files of the build stay cacheable', async () => {
  const html = await (await fetch(`${web.url}/sign-in`)).text()
  const script = /src="(\/_next\/static\/[^"]+\.js)"/.exec(html)![1]
  const { headers } = await fetch(web.url + script)
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

it('the service worker executes nothing but itself and is revalidated', async () => {
  const { headers } = await fetch(`${web.url}/sw.js`)
  expect(headers.get('content-type')).toContain('javascript')
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; connect-src 'self'")
  expect(headers.get('cache-control')).toBe('public, max-age=0')
})

it('insists on https exactly where the app is reached by https', async () => {
  const secure = await startWeb({
    databaseUrl: database.url,
    env: { PUBLIC_URL: 'https://meanwhile.example.com' },
  })
  for (const at of ['/sign-in', '/api/health', `/machines/${SOME_ID}/ports/80/`, '/api/socket/?EIO=9']) {
    const { headers } = await fetch(secure.url + at)
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
  }
  await secure.stop()
})
