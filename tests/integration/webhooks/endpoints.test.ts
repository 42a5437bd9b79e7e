import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MAX_ENDPOINTS } from '@/lib/webhooks/contract'
import { replayDelivery, testEndpoint } from '@/lib/webhooks/deliveries'
import { changeEndpoint, removeEndpoint, rotateSecret } from '@/lib/webhooks/endpoints'
import { useDatabase } from '@/tests/support/database'
import { type Received, type Receiver, startReceiver } from '@/tests/support/receiver'
import { useWebhookRoom } from '@/tests/support/webhook-room'

const database = useDatabase()
const room = useWebhookRoom(database)
let receiver: Receiver

beforeAll(async () => void (receiver = await startReceiver()))
afterAll(() => receiver.close())
afterEach(() => database.db.webhookEndpoint.deleteMany())

const verified = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers) as { type: string }

describe('a webhook', () => {
  it.each([
    ['http://127.0.0.1/', {}, 'webhook.address_refused'],
    ['http://[::ffff:10.0.0.1]/', {}, 'webhook.address_refused'],
    ['https://example.com/', { kinds: ['webhook.deliver'] }, 'webhook.kind_unknown'],
  ])('to %s %o is refused: %s', async (url, rest, code) => {
    await expect(room.add(url, rest)).rejects.toMatchObject({ code, status: 422 })
  })

  it('that the database could not keep is refused in words', async () => {
    const message = 'must not hold control characters'
    expect(() => room.add('https://example.com/\0')).toThrow(message)
  })

  it('cannot be led inside by a change', async () => {
    const { id } = await room.add(receiver.url)
    const change = changeEndpoint(database.db, { id, ownerId: room.ownerId }, { url: 'http://10.0.0.1/' })
    await expect(change).rejects.toMatchObject({ code: 'webhook.address_refused' })
  })

  it(`is one of ${MAX_ENDPOINTS} at most`, async () => {
    const added = await Promise.allSettled(
      Array.from({ length: 2 * MAX_ENDPOINTS }, () => room.add(receiver.url)),
    )
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(MAX_ENDPOINTS)
    await expect(room.add(receiver.url)).rejects.toMatchObject({ code: 'webhook.too_many' })
  })
})

describe('somebody else', () => {
  it('finds neither webhook nor delivery', async () => {
    const { id } = await room.add(receiver.url)
    await testEndpoint(room.given(), { id, ownerId: room.ownerId })
    const [delivery] = await room.deliveries(id)
    const stranger = { id, ownerId: 'somebody' }
    for (const act of [
      () => changeEndpoint(database.db, stranger, {}),
      () => rotateSecret(database.db, stranger),
      () => removeEndpoint(database.db, stranger),
      () => testEndpoint(room.given(), stranger),
      () => replayDelivery(room.given(), { id: delivery!.id, ownerId: 'somebody' }),
    ])
      await expect(act()).rejects.toMatchObject({ status: 404 })
  })
})

it('both secrets sign for a day after a rotation, then the new one alone', async () => {
  const { id, secret } = await room.add(receiver.url)
  const target = { id, ownerId: room.ownerId }
  const fresh = await rotateSecret(database.db, target)
  await testEndpoint(room.given(), target)
  await room.deliverDue()
  const [first] = receiver.received
  expect(verified(secret, first!)).toEqual(verified(fresh.secret, first!))
  expect(verified(secret, first!).type).toBe('webhook.test')
  await database.db.webhookEndpoint.update({ where: { id }, data: { formerSecretUntil: new Date() } })
  await testEndpoint(room.given(), target)
  await room.deliverDue()
  expect(() => verified(secret, receiver.received[1]!)).toThrow()
  expect(verified(fresh.secret, receiver.received[1]!).type).toBe('webhook.test')
  expect(JSON.stringify(await room.endpoint(id))).not.toContain(fresh.secret.slice(6))
})
