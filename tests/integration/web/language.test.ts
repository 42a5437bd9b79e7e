import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { signIn } from '@/tests/support/sign-in'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
})
afterAll(() => web.stop())

/** Submits the form of the page `from`. */
async function choose(locale: string, { from = '/sign-in', ...headers }: Record<string, string> = {}) {
  const response = await fetch(`${web.url}/language/${locale}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: web.url, referer: web.url + from, ...headers },
  })
  await response.body?.cancel()
  const { status } = response
  return { status, location: response.headers.get('location'), cookie: response.headers.get('set-cookie') }
}

it('keeps the language that a client without an account chooses, and leads back to its page', async () => {
  const from = '/s/token?video=1&t=20'
  expect(await choose('de', { from })).toEqual({
    status: 303,
    location: from,
    cookie: 'locale=de; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax',
  })
  const page = await fetch(`${web.url}/sign-up`, {
    headers: { cookie: 'locale=de', 'accept-language': 'en' },
  })
  expect(await page.text()).toContain('<html lang="de"')
})

it('changes the language of the account if the client is signed in', async () => {
  const user = await web.createUser('ada@example.com')
  const readLocale = async () => (await database.db.user.findFirstOrThrow()).locale
  await choose('de')
  expect(await readLocale()).not.toBe('de')
  await choose('de', { authorization: `Bearer ${user.key}` })
  expect(await readLocale()).not.toBe('de')
  await choose('de', { cookie: await signIn({ web, user }) })
  expect(await readLocale()).toBe('de')
})

it('refuses pages of other sites, with and without cookies', async () => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'https://evil.example', cookie: 'locale=en' },
  ]
  for (const headers of foreign)
    expect(await choose('de', headers)).toEqual({ status: 403, location: null, cookie: null })
})

it.each([
  ['//evil.example/', '/evil.example/'],
  ['/\\evil.example', '/evil.example'],
  ['/sign-in', '/sign-in'],
])('leads to a path of its own only: %s', async (from, location) => {
  expect((await choose('de', { from })).location).toBe(location)
})

it('knows no other languages', async () => {
  for (const locale of ['fr', 'de%0d%0aset-cookie', 'constructor']) {
    const { status, cookie } = await choose(locale)
    expect({ status: status >= 400, cookie }).toEqual({ status: true, cookie: null })
  }
})
