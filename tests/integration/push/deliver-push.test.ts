// Over 200 lines because all cases share a push service, a browser and a worker.

import { randomUUID } from 'node:crypto'
import { symmetricEncrypt } from 'better-auth/crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuthenticatedUser } from '@/lib/accounts/authenticate'
import { encryptSecret } from '@/lib/accounts/encrypt-secret'
import { markNotificationsRead } from '@/lib/notifications/commands'
import { notifyUser } from '@/lib/notifications/notify-user'
import { updateNotificationSettings } from '@/lib/notifications/settings'
import { subscribe } from '@/lib/push/commands'
import { readPush } from '@/lib/push/queries'
import { createSubscriptionSchema } from '@/lib/push/schema'
import { deliverPushTask } from '@/lib/push/tasks'
import { vapidKeys } from '@/lib/push/vapid-keys'
import { createOwner, useDatabase } from '@/tests/support/database'
import { createBrowserKeys, startPushService, verifyVapid } from '@/tests/support/push-service'
import { useWebhookFixture } from '@/tests/support/webhook-fixture'
import { closeNotifications } from '@/worker/push/close-notifications'
import { deliverPush } from '@/worker/push/deliver-push'
import { defineHandler } from '@/worker/runtime/handler'

const database = useDatabase()
const fixture = useWebhookFixture(database)
let service: Awaited<ReturnType<typeof startPushService>>
beforeAll(async () => {
  service = await startPushService()
})
beforeEach(() => {
  service.received.length = 0
  Object.assign(service, { status: 201, headers: {} })
})
afterAll(() => service.close())

/** A user with a signed-in browser that is subscribed. */
async function createSubscriber({ id: ownerId }: { id: string } = { id: '' }) {
  const { db } = database
  const userId = ownerId || (await createOwner(db)).id
  const session = await db.session.create({
    data: { id: randomUUID(), userId, token: randomUUID(), expiresAt: new Date(Date.now() + 3_600_000) },
  })
  const user = { id: userId, sessionId: session.id } as AuthenticatedUser
  const browser = createBrowserKeys()
  const input = { endpoint: `${service.url}/push/${randomUUID()}`, keys: browser.keys }
  const subscription = await subscribe(db, user, input)
  let count = 0
  return {
    user,
    session,
    browser,
    input,
    subscription,
    readSubscriptions: () => db.pushSubscription.findMany({ where: { ownerId: userId } }),
    readTasks: () =>
      db.task.findMany({ where: { ownerId: userId, kind: deliverPushTask.name }, orderBy: { id: 'asc' } }),
    notify: (title = 'harbour') =>
      db.$transaction((tx) =>
        notifyUser(tx, fixture.deps().boss, {
          ownerId: userId,
          event: 'video.ready',
          eventKey: `${userId}/${count++}`,
          title,
          href: '/videos/1',
          detail: '12:04',
        }),
      ),
  }
}

type Subscriber = Awaited<ReturnType<typeof createSubscriber>>

/** Sends what is due, like a worker, and what waits for its next attempt, without the delay. */
async function deliverAll() {
  await database.db
    .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${deliverPushTask.name}`
  for (;;) {
    const job = await fixture.nextJob(deliverPushTask)
    if (!job) return
    await fixture.runJob(defineHandler(deliverPush), job)
  }
}

describe('a notification for a subscribed browser', () => {
  it('arrives encrypted and signed, with a path of this app', async () => {
    const subscriber = await createSubscriber()
    await subscriber.notify()
    await deliverAll()
    const [message, ...others] = service.received
    expect(others).toEqual([])
    expect(message!.headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400' })
    expect(message!.headers.topic).toMatch(/^[\w-]{32}$/)
    expect(message!.body.toString('latin1')).not.toContain('harbour')
    expect(subscriber.browser.decrypt(message!)).toEqual({
      id: expect.any(String),
      subscriptionId: subscriber.subscription.id,
      title: 'harbour is ready',
      body: '12:04',
      href: '/videos/1',
      unreadCount: 1,
    })
    const { publicKey } = await readPush(database.db, subscriber.user)
    expect(verifyVapid(message!, publicKey)).toMatchObject({
      aud: service.url,
      sub: 'mailto:meanwhile@localhost',
    })
    expect(() => createBrowserKeys().decrypt(message!)).toThrow()
    expect(await subscriber.readSubscriptions()).toMatchObject([{ lastSentAt: expect.any(Date) }])
  })

  it('fits into a message, however long its title is', async () => {
    const subscriber = await createSubscriber()
    await subscriber.notify('港'.repeat(2_000))
    await deliverAll()
    expect(service.received[0]!.body.length).toBeLessThanOrEqual(4_096)
    expect(subscriber.browser.decrypt(service.received[0]!).title).toMatch(/^港{200}$/)
  })

  it('becomes one that counts them when many things happen within minutes', async () => {
    const subscriber = await createSubscriber()
    for (let n = 0; n < 5; n++) await subscriber.notify(`clip ${n}`)
    await deliverAll()
    const messages = service.received.map(subscriber.browser.decrypt)
    expect(new Set(messages.map(({ id }) => id))).toEqual(new Set(['many']))
    expect(messages.at(-1)).toEqual({
      id: 'many',
      subscriptionId: subscriber.subscription.id,
      title: '5 unread notifications',
      body: expect.stringMatching(/^clip \d is ready$/),
      href: '/notifications',
      unreadCount: 5,
    })
    // The push service keeps the last one of a topic for a browser that is offline.
    expect(new Set(service.received.map(({ headers }) => headers.topic))).toEqual(new Set(['many']))
  })

  it('is sent to every browser of the user, and to none of another', async () => {
    const phone = await createSubscriber()
    const laptop = await createSubscriber({ id: phone.user.id })
    await createSubscriber()
    await phone.notify()
    await deliverAll()
    expect(service.received).toHaveLength(2)
    expect(await laptop.readSubscriptions()).toHaveLength(2)
  })

  it('is not sent once it has been read, or if the event is muted', async () => {
    const subscriber = await createSubscriber()
    await subscriber.notify()
    const { id } = await database.db.notification.findFirstOrThrow({ where: { ownerId: subscriber.user.id } })
    await markNotificationsRead(database.db, subscriber.user.id, { upTo: id })
    await updateNotificationSettings(database.db, subscriber.user.id, { push: { 'video.ready': false } })
    await subscriber.notify()
    await deliverAll()
    expect(service.received).toEqual([])
    expect(await subscriber.readTasks()).toMatchObject([{ state: 'done', result: { skipped: 'read' } }])
  })

  it('is sent again after a failure of the push service', async () => {
    const subscriber = await createSubscriber()
    await subscriber.notify()
    service.status = 500
    await deliverAll()
    expect(await subscriber.readTasks()).toMatchObject([{ state: 'queued', attempts: 1 }])
    Object.assign(service, { status: 429, headers: { 'retry-after': '120' } })
    await deliverAll()
    // A limit of the service spends no attempt.
    expect(await subscriber.readTasks()).toMatchObject([{ state: 'queued', attempts: 1 }])
    Object.assign(service, { status: 201, headers: {} })
    await deliverAll()
    expect(await subscriber.readTasks()).toMatchObject([{ state: 'done' }])
    expect(service.received).toHaveLength(3)
  })

  it('fails without a retry if the push service refuses it or redirects', async () => {
    const subscriber = await createSubscriber()
    for (const status of [400, 302]) {
      Object.assign(service, { status, headers: { location: `${service.url}/elsewhere` } })
      await subscriber.notify()
      await deliverAll()
    }
    expect(service.received).toHaveLength(2)
    const tasks = await subscriber.readTasks()
    expect(tasks).toMatchObject([{ state: 'failed' }, { state: 'failed' }])
    expect(JSON.stringify(tasks.map(({ error }) => error))).not.toContain('internal secret')
  })

  it('is not sent a day later', async () => {
    const subscriber = await createSubscriber()
    await subscriber.notify()
    await database.db
      .$executeRaw`UPDATE mail_note SET "createdAt" = "createdAt" - interval '25 hours' WHERE "ownerId" = ${subscriber.user.id}`
    await deliverAll()
    expect(await subscriber.readTasks()).toMatchObject([{ result: { skipped: 'expired' } }])
  })
})

describe('a subscription', () => {
  it.each([404, 410])('ends when the push service responds with %i', async (status) => {
    const subscriber = await createSubscriber()
    service.status = status
    await subscriber.notify()
    await deliverAll()
    expect(await subscriber.readSubscriptions()).toEqual([])
    expect(await subscriber.readTasks()).toMatchObject([{ state: 'done' }])
  })

  it('ends with its session, also for what is already queued', async () => {
    const subscriber = await createSubscriber()
    await subscriber.notify()
    await database.db.session.delete({ where: { id: subscriber.session.id } })
    await deliverAll()
    expect(await subscriber.readSubscriptions()).toEqual([])
    expect(service.received).toEqual([])
  })

  it('receives nothing while its session has expired or its user is disabled', async () => {
    const { db } = database
    const subscriber = await createSubscriber()
    await subscriber.notify()
    await db.user.update({ where: { id: subscriber.user.id }, data: { disabledAt: new Date() } })
    await deliverAll()
    await db.user.update({ where: { id: subscriber.user.id }, data: { disabledAt: null } })
    await db.session.update({ where: { id: subscriber.session.id }, data: { expiresAt: new Date(0) } })
    await subscriber.notify()
    expect(await subscriber.readTasks()).toHaveLength(1)
    expect(service.received).toEqual([])
  })

  it('replaces that of the same session, and that of the same browser', async () => {
    const { db } = database
    const first = await createSubscriber()
    await subscribe(db, first.user, { ...first.input, endpoint: `${service.url}/push/renewed` })
    expect(await first.readSubscriptions()).toHaveLength(1)
    const second = await createSubscriber()
    await subscribe(db, second.user, { ...first.input, endpoint: `${service.url}/push/renewed` })
    expect(await first.readSubscriptions()).toEqual([])
  })

  it('cannot be taken over by a client that knows its endpoint only', async () => {
    const { db } = database
    const ada = await createSubscriber()
    const eve = await createSubscriber()
    const taken = { endpoint: ada.input.endpoint, keys: createBrowserKeys().keys }
    await expect(subscribe(db, eve.user, taken)).rejects.toMatchObject({ code: 'push.endpoint_taken' })
    expect(await ada.readSubscriptions()).toHaveLength(1)
  })

  it('ends when it cannot be decrypted, as AUTH_SECRET has changed, or when its browser subscribes again', async () => {
    const { db } = database
    const ada = await createSubscriber()
    const eve = await createSubscriber()
    for (const { subscription } of [ada, eve])
      await db.pushSubscription.update({
        where: { id: subscription.id },
        data: { secret: await symmetricEncrypt({ key: 'an earlier secret', data: '{}' }) },
      })
    await ada.notify()
    await deliverAll()
    expect(await ada.readSubscriptions()).toEqual([])
    expect(await ada.readTasks()).toMatchObject([{ state: 'done', result: { skipped: 'unsubscribed' } }])
    await subscribe(db, ada.user, eve.input)
    expect(await eve.readSubscriptions()).toEqual([])
  })

  it('ends when its user has 20 newer ones: a notification is sent to a limited number of browsers', async () => {
    const oldest = await createSubscriber()
    await database.db.$executeRaw`DELETE FROM attempt_limit`
    for (let count = 0; count < 20; count++) await createSubscriber(oldest.user)
    const rows = await oldest.readSubscriptions()
    expect(rows).toHaveLength(20)
    expect(rows.map(({ id }) => id)).not.toContain(oldest.subscription.id)
  })

  it('stores endpoint and keys encrypted', async () => {
    const { input, readSubscriptions } = await createSubscriber()
    const stored = JSON.stringify(await readSubscriptions())
    for (const secret of [input.endpoint, input.keys.auth, input.keys.p256dh])
      expect(stored).not.toContain(secret)
  })
})

describe('the end of a session', () => {
  const closeAll = () => closeNotifications({ db: database.db })
  const readEnded = () => database.db.endedPush.findMany()
  // Sessions of other tests.
  beforeEach(async () => {
    await closeAll()
    service.received.length = 0
  })

  it.each<[string, (subscriber: Subscriber) => Promise<unknown>]>([
    ['by a sign-out', ({ session }) => database.db.session.delete({ where: { id: session.id } })],
    [
      'by its expiry',
      ({ session }) =>
        database.db.session.update({ where: { id: session.id }, data: { expiresAt: new Date(0) } }),
    ],
    ['with its account', ({ user }) => database.db.user.delete({ where: { id: user.id } })],
  ])('%s closes the notifications that its browser still shows', async (_, end) => {
    const subscriber = await createSubscriber()
    await createSubscriber()
    await end(subscriber)
    expect(await closeAll()).toBe(1)
    expect(service.received.map(subscriber.browser.decrypt)).toEqual([
      { endedSubscriptionId: subscriber.subscription.id },
    ])
    expect(await closeAll()).toBe(0)
    expect(await readEnded()).toEqual([])
  })

  it('is sent again after a failure of the push service, for a day', async () => {
    const subscriber = await createSubscriber()
    await database.db.session.delete({ where: { id: subscriber.session.id } })
    service.status = 503
    expect(await closeAll()).toBe(0)
    expect(await readEnded()).toHaveLength(1)
    await database.db.endedPush.updateMany({ data: { endedAt: new Date(Date.now() - 25 * 3_600_000) } })
    service.status = 201
    expect(await closeAll()).toBe(0)
    expect(await readEnded()).toEqual([])
  })

  it('is not sent where the browser was unsubscribed, or its user has a new session', async () => {
    const { db } = database
    const gone = await createSubscriber()
    await db.session.delete({ where: { id: gone.session.id } })
    service.status = 410
    expect(await closeAll()).toBe(0)
    expect(await readEnded()).toEqual([])
    service.received.length = 0
    const subscriber = await createSubscriber()
    await subscribe(db, subscriber.user, subscriber.input)
    expect(await readEnded()).toEqual([])
    await db.session.delete({ where: { id: subscriber.session.id } })
    const again = await createSubscriber(subscriber.user)
    await subscribe(db, again.user, subscriber.input)
    expect(await closeAll()).toBe(0)
    expect(service.received).toEqual([])
  })
})

describe('the endpoint of a subscription', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:5432/',
    'https://localhost/',
    'https://[::1]/',
    'https://example.com/push',
    'http://127.0.0.2:22/',
    'https://user:secret@127.0.0.2/',
    'https://127.0.0.2.example.com/',
  ])('%s is refused', async (endpoint) => {
    const { user, input } = await createSubscriber()
    await expect(subscribe(database.db, user, { ...input, endpoint })).rejects.toMatchObject({
      code: 'push.endpoint_refused',
    })
  })

  it('is checked again when it is used', async () => {
    const subscriber = await createSubscriber()
    const secret = await encryptSecret(
      JSON.stringify({
        ...subscriber.input,
        endpoint: subscriber.input.endpoint.replace('127.0.0.2', '127.0.0.1'),
      }),
    )
    await database.db.pushSubscription.update({ where: { id: subscriber.subscription.id }, data: { secret } })
    await subscriber.notify()
    await deliverAll()
    expect(await subscriber.readTasks()).toMatchObject([
      { state: 'failed', error: { code: 'push.endpoint_refused' } },
    ])
  })
})

it('refuses keys that are no keys of P-256', () => {
  const { keys } = createBrowserKeys()
  const parse = (change: object) =>
    createSubscriptionSchema.safeParse({ endpoint: 'https://a.example', keys: { ...keys, ...change } })
      .success
  expect(parse({})).toBe(true)
  // On no curve, so that the shared secret would reveal the key of the server.
  expect(
    parse({ p256dh: Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url') }),
  ).toBe(false)
  expect(parse({ p256dh: keys.p256dh.slice(0, 40) })).toBe(false)
  expect(parse({ auth: 'AAAA' })).toBe(false)
})

it('derives the same key pair in every process', () => {
  expect(vapidKeys()).toEqual(vapidKeys())
  expect(Buffer.from(vapidKeys().publicKey, 'base64url')).toHaveLength(65)
})
