import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MAX_ENDPOINTS } from '@/lib/webhooks/schema'
import { deleteEndpoint, rotateSecret, updateEndpoint } from '@/lib/webhooks/commands'
import { replayDelivery, sendTestEvent } from '@/lib/webhooks/delivery-commands'
import { useDatabase } from '@/tests/support/database'
import { type WebhookReceiver, startWebhookReceiver, verifySignature } from '@/tests/support/webhook-receiver'
import { useWebhookFixture } from '@/tests/support/webhook-fixture'

const database = useDatabase()
const fixture = useWebhookFixture(database)
let receiver: WebhookReceiver

beforeAll(async () => void (receiver = await startWebhookReceiver()))
afterAll(() => receiver.close())
afterEach(() => database.db.webhookEndpoint.deleteMany())

describe('a webhook', () => {
  it.each([
    ['http://127.0.0.1/', {}, 'webhook.address_refused'],
    ['http://[::ffff:10.0.0.1]/', {}, 'webhook.address_refused'],
    ['https://example.com/', { kinds: ['webhook.deliver'] }, 'webhook.kind_unknown'],
  ])('to %s %o is refused with %s', async (url, rest, code) => {
    await expect(fixture.addEndpoint(url, rest)).rejects.toMatchObject({ code, status: 422 })
  })

  it('with control characters in its URL is refused', async () => {
    const message = 'must not contain control characters'
    expect(() => fixture.addEndpoint('https://example.com/\0')).toThrow(message)
  })

  it('cannot be changed to a private address', async () => {
    const { id } = await fixture.addEndpoint(receiver.url)
    const change = updateEndpoint(database.db, { id, ownerId: fixture.ownerId }, { url: 'http://10.0.0.1/' })
    await expect(change).rejects.toMatchObject({ code: 'webhook.address_refused' })
  })

  it(`is refused beyond ${MAX_ENDPOINTS} of them`, async () => {
    const added = await Promise.allSettled(
      Array.from({ length: 2 * MAX_ENDPOINTS }, () => fixture.addEndpoint(receiver.url)),
    )
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(MAX_ENDPOINTS)
    await expect(fixture.addEndpoint(receiver.url)).rejects.toMatchObject({ code: 'webhook.too_many' })
  })
})

describe('another user', () => {
  it('finds neither webhook nor delivery', async () => {
    const { id } = await fixture.addEndpoint(receiver.url)
    await sendTestEvent(fixture.deps(), { id, ownerId: fixture.ownerId })
    const [delivery] = await fixture.listDeliveries(id)
    const foreignTarget = { id, ownerId: 'another-user' }
    for (const act of [
      () => updateEndpoint(database.db, foreignTarget, {}),
      () => rotateSecret(database.db, foreignTarget),
      () => deleteEndpoint(database.db, foreignTarget),
      () => sendTestEvent(fixture.deps(), foreignTarget),
      () => replayDelivery(fixture.deps(), { id: delivery!.id, ownerId: 'another-user' }),
    ])
      await expect(act()).rejects.toMatchObject({ status: 404 })
  })
})

it('signs with both secrets for a day after a rotation, then only with the new one', async () => {
  const { id, secret } = await fixture.addEndpoint(receiver.url)
  const target = { id, ownerId: fixture.ownerId }
  const rotated = await rotateSecret(database.db, target)
  await sendTestEvent(fixture.deps(), target)
  await fixture.deliverDue()
  const [first] = receiver.received
  expect(verifySignature(secret, first!)).toEqual(verifySignature(rotated.secret, first!))
  expect(verifySignature(secret, first!).type).toBe('webhook.test')
  await database.db.webhookEndpoint.update({ where: { id }, data: { formerSecretUntil: new Date() } })
  await sendTestEvent(fixture.deps(), target)
  await fixture.deliverDue()
  expect(() => verifySignature(secret, receiver.received[1]!)).toThrow()
  expect(verifySignature(rotated.secret, receiver.received[1]!).type).toBe('webhook.test')
  expect(JSON.stringify(await fixture.readEndpoint(id))).not.toContain(rotated.secret.slice(6))
})
