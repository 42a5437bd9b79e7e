import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NotificationSettings } from '@/lib/notifications/settings'
import { useDatabase } from '@/tests/support/database'
import { TEST_PASSWORD, type TestUser } from '@/tests/support/accounts'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser

beforeAll(async () => {
  // No server listens on this port: no request may depend on it.
  const env = { SMTP_URL: 'smtp://ada:secret@127.0.0.1:9', SIGN_UP: 'open' }
  web = await startWeb({ databaseUrl: database.url, env })
  ada = await web.createUser('ada@example.com')
})
afterAll(() => web.stop())

const postAuth = (at: string, body: object) =>
  fetch(`${web.url}/api/auth/${at}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json', origin: web.url },
    body: JSON.stringify(body),
  })
const findMailLink = async (recipient: string, template: string) => {
  const { data } = await database.db.mail.findFirstOrThrow({
    where: { recipient, template },
    orderBy: { createdAt: 'desc' },
  })
  return (data as { href: string }).href
}

describe('mail settings', () => {
  it('are chosen by each user', async () => {
    const read = async () => (await (await ada.fetch('/api/v1/notifications')).json()) as NotificationSettings
    expect(await read()).toMatchObject({ events: { 'video.ready': true }, gathering: 'soon' })
    const change = (body: object) =>
      ada.fetch('/api/v1/notifications', { method: 'PATCH', body: JSON.stringify(body) })
    expect((await change({ events: { 'video.ready': false } })).status).toBe(200)
    expect((await change({ gathering: 'daily' })).status).toBe(200)
    expect((await change({ events: { 'weather.nice': true } })).status).toBe(400)
    expect(await read()).toMatchObject({
      events: { 'video.ready': false, 'machine.ready': true },
      gathering: 'daily',
    })
    expect((await fetch(`${web.url}/api/v1/notifications`)).status).toBe(401)
  })

  it.each([
    ['POST', '/api/v1/admin/mails/test'],
    ['POST', '/api/v1/admin/mails/00000000-0000-4000-8000-000000000000/arrived'],
    ['POST', '/api/v1/admin/mails/00000000-0000-4000-8000-000000000000/send-again'],
    ['DELETE', '/api/v1/admin/bounces?address=a@b.de'],
  ])('are managed by administrators: %s %s is not found for other users', async (method, at) => {
    expect((await ada.fetch(at, { method })).status).toBe(404)
  })
})

describe('an account', () => {
  const eve = { email: 'eve@example.com', password: 'first-password', name: 'Eve' }

  it('created by an administrator needs no verification mail', async () => {
    const response = await postAuth('sign-in/email', { email: ada.email, password: TEST_PASSWORD })
    expect(response.status).toBe(200)
    expect(await database.db.mail.count({ where: { recipient: ada.email } })).toBe(0)
  })

  it('created by sign-up opens only with the link in the mail', async () => {
    const created = await postAuth('sign-up/email', eve)
    expect(created.status).toBe(200)
    expect(await created.json()).toMatchObject({ token: null })
    const early = await postAuth('sign-in/email', eve)
    expect(early.status).toBe(403)
    expect(await early.json()).toMatchObject({ code: 'EMAIL_NOT_VERIFIED' })
    const cookie = created.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const opened = await fetch(await findMailLink(eve.email, 'verify'), {
      redirect: 'manual',
      headers: { cookie },
    })
    expect(opened.headers.get('set-cookie')).toContain('session_token')
    expect((await postAuth('sign-in/email', eve)).status).toBe(200)
    const urgent = await database.db.task.findMany({ where: { owner: { email: eve.email } } })
    expect(new Set(urgent.map(({ kind }) => kind))).toEqual(new Set(['email.urgent']))
  })

  it('resets a forgotten password once per mail', async () => {
    const requested = await postAuth('request-password-reset', {
      email: eve.email,
      redirectTo: '/reset-password',
    })
    expect(requested.status).toBe(200)
    const unknown = await postAuth('request-password-reset', { email: 'unknown@example.com' })
    expect(unknown.status).toBe(200)
    const redirect = await fetch(await findMailLink(eve.email, 'reset'), { redirect: 'manual' })
    const token = new URL(redirect.headers.get('location')!, web.url).searchParams.get('token')
    const newPassword = 'second-password'
    expect((await postAuth('reset-password', { newPassword, token })).status).toBe(200)
    expect((await postAuth('sign-in/email', eve)).status).toBe(401)
    expect((await postAuth('sign-in/email', { ...eve, password: newPassword })).status).toBe(200)
    expect((await postAuth('reset-password', { newPassword: 'third-password', token })).status).toBe(400)
  })
})
