import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { signIn } from '@/tests/support/sign-in'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: { SIGN_UP: 'open' } })
})
afterAll(() => web.stop())

async function open(path = '/sign-in', headers: Record<string, string> = {}) {
  const response = await fetch(web.url + path, { headers, redirect: 'manual' })
  const policy = response.headers.get('content-security-policy') ?? ''
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
  return { status: response.status, headers: response.headers, nonce, html: await response.text() }
}

/** All nonces of a response outside of its policy: of tags, of the data for React, and of preloads in headers. */
const findNonces = ({ html, headers }: Awaited<ReturnType<typeof open>>) =>
  new Set(
    [...`${html} ${headers.get('link')}`.matchAll(/nonce[\\"=:]+([\w+/=]{20,})/g)].map((match) => match[1]),
  )

it('shows the sign-in page as soon as the first account exists, and leads to it no longer when there is none', async () => {
  expect((await open()).headers.get('location')).toBe('/sign-up')
  await web.createUser('ada@example.com')
  expect(await open()).toMatchObject({ status: 200 })
  await database.db.user.deleteMany()
  expect((await open()).headers.get('location')).toBe('/sign-up')
  await web.createUser('ada@example.com')
  expect(await open()).toMatchObject({ status: 200 })
})

it('gives each response a nonce of its own, which all its scripts have', async () => {
  const responses = await Promise.all(Array.from({ length: 5 }, () => open()))
  expect(new Set(responses.map(({ nonce }) => nonce)).size).toBe(5)
  for (const response of responses) {
    expect(response.nonce).toHaveLength(24)
    expect(findNonces(response)).toEqual(new Set([response.nonce]))
    const scripts = response.html.match(/<script\b[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(5)
    expect(scripts.filter((tag) => !tag.includes(`nonce="${response.nonce}"`))).toEqual([])
  }
})

it('is the page that Next.js renders, with the same headers', async () => {
  // The data for React, at the end, contain the query.
  const markup = ({ html, nonce }: Awaited<ReturnType<typeof open>>) =>
    html.slice(0, html.indexOf('self.__next_f')).replaceAll(nonce, '')
  const rendered = await open('/sign-in?unknown')
  const cached = await open()
  expect(markup(cached)).toContain('</form>')
  expect(markup(cached)).toBe(markup(rendered))
  const comparable = ({ headers, nonce }: typeof cached) =>
    Object.fromEntries(
      [...headers]
        .filter(
          ([name]) =>
            !['date', 'transfer-encoding', 'content-length', 'content-encoding', 'vary'].includes(name),
        )
        .map(([name, value]) => [name, value.replaceAll(nonce, '')]),
    )
  expect(comparable(cached)).toEqual(comparable(rendered))
})

it('contains nothing of the request that it was rendered for', async () => {
  const user = await web.createUser('grace@example.com')
  const session = await signIn({ web, user })
  const secret = 'a-secret-of-the-request'
  const headers = {
    'user-agent': secret,
    'x-forwarded-host': secret,
    'x-forwarded-for': secret,
    'accept-language': `de-${secret}`,
    'x-nonce': secret,
    'next-url': secret,
    cookie: `locale=de; theme=${secret}; ${session}`,
  }
  // The first request in German.
  const first = await open('/sign-in', headers)
  const second = await open('/sign-in', { 'accept-language': 'de' })
  for (const response of [first, second]) {
    expect(response.html).toContain('lang="de"')
    expect(response.html + JSON.stringify([...response.headers])).not.toContain(secret)
    expect(response.html).not.toContain('grace@example.com')
    expect(response.headers.has('set-cookie')).toBe(false)
  }
})

it('has the language of the request, of its cookie first', async () => {
  expect((await open('/sign-in', { 'accept-language': 'de' })).html).toContain('lang="de"')
  expect((await open('/sign-in', { 'accept-language': 'en' })).html).toContain('lang="en"')
  expect((await open('/sign-in', { 'accept-language': 'en', cookie: 'locale=de' })).html).toContain(
    'lang="de"',
  )
})

it('renders requests with a query, also after the page without one', async () => {
  const { html } = await open()
  expect((await open('/sign-in?reset=done')).html).not.toBe(html)
  expect(findNonces(await open('/sign-in?reset=done')).size).toBe(1)
  expect((await open()).html).not.toContain('reset')
})
