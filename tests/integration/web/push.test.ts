import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PushSubscriptionDto } from '@/lib/push/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { createBrowserKeys } from '@/tests/support/push-service'
import { signIn } from '@/tests/support/sign-in'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
beforeAll(async () => {
  web = await startWeb({
    databaseUrl: database.url,
    env: { PUSH_SERVICES: 'fcm.googleapis.com *.push.example.com' },
  })
  ada = await web.createUser('ada@example.com')
})
afterAll(() => web.stop())

const subscriptionAt = (endpoint: string) => ({
  endpoint,
  expirationTime: null,
  keys: createBrowserKeys().keys,
})
const send = (cookie: string, method: string, at: string, body?: object) =>
  fetch(web.url + at, {
    method,
    headers: { cookie, origin: web.url, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
const subscribe = (cookie: string, endpoint = `https://fcm.googleapis.com/fcm/send/${crypto.randomUUID()}`) =>
  send(cookie, 'POST', '/api/v1/push', subscriptionAt(endpoint))
const list = async (cookie: string) =>
  (await (await send(cookie, 'GET', '/api/v1/push')).json()) as {
    publicKey: string
    subscriptions: PushSubscriptionDto[]
  }

describe('the subscription of a browser', { tags: 'full' }, () => {
  it('belongs to its session, and ends when that signs out', async () => {
    const [laptop, phone] = [await signIn({ web, user: ada }), await signIn({ web, user: ada })]
    expect((await subscribe(laptop)).status).toBe(201)
    expect((await subscribe(phone)).status).toBe(201)
    const { subscriptions, publicKey } = await list(laptop)
    expect(Buffer.from(publicKey, 'base64url')).toHaveLength(65)
    expect(subscriptions.map(({ isCurrent, service }) => [isCurrent, service])).toEqual([
      [false, 'fcm.googleapis.com'],
      [true, 'fcm.googleapis.com'],
    ])
    expect(JSON.stringify(subscriptions)).not.toContain('/fcm/send')
    expect((await send(phone, 'POST', '/api/auth/sign-out', {})).status).toBe(200)
    expect((await list(laptop)).subscriptions).toMatchObject([{ isCurrent: true }])
  })

  it('is ended from another browser, but not by another user', async () => {
    const [laptop, phone] = [await signIn({ web, user: ada }), await signIn({ web, user: ada })]
    const { id } = (await (await subscribe(phone)).json()) as PushSubscriptionDto
    const eve = await signIn({ web, user: await web.createUser('eve@example.com') })
    expect((await send(eve, 'DELETE', `/api/v1/push/${id}`)).status).toBe(404)
    expect((await send(laptop, 'DELETE', `/api/v1/push/${id}`)).status).toBe(204)
    expect((await list(phone)).subscriptions.filter(({ isCurrent }) => isCurrent)).toEqual([])
  })

  it('needs a session, a push service that is allowed, and a page of this app', async () => {
    const withKey = await ada.fetch('/api/v1/push', {
      method: 'POST',
      body: JSON.stringify(subscriptionAt('https://fcm.googleapis.com/fcm/send/key')),
    })
    expect(await withKey.json()).toMatchObject({ code: 'push.session_required' })
    const cookie = await signIn({ web, user: ada })
    for (const endpoint of [
      'https://push.example.com/a',
      'https://a.push.example.com.evil.example/a',
      'http://a.push.example.com/a',
      'https://169.254.169.254/a',
    ])
      expect(await (await subscribe(cookie, endpoint)).json()).toMatchObject({
        code: 'push.endpoint_refused',
      })
    expect((await subscribe(cookie, 'https://a.push.example.com/a')).status).toBe(201)
    const headers = { cookie, origin: 'https://evil.example', 'content-type': 'application/json' }
    const body = JSON.stringify(subscriptionAt('https://fcm.googleapis.com/fcm/send/forged'))
    expect((await fetch(`${web.url}/api/v1/push`, { method: 'POST', headers, body })).status).toBe(403)
  })

  it('is changed a few times in a minute at most', async () => {
    const cookie = await signIn({ web, user: await web.createUser('busy@example.com') })
    const statuses = []
    for (let n = 0; n < 21; n++) statuses.push((await subscribe(cookie)).status)
    expect(statuses.at(-1)).toBe(429)
    expect(
      await database.db.pushSubscription.count({ where: { owner: { email: 'busy@example.com' } } }),
    ).toBe(1)
  })
})
