// Long, because it goes through every way in which a delivery may end, with one database and one receiver.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Webhook } from 'standardwebhooks'
import { PermanentError } from '@/lib/errors'
import type { TaskDto } from '@/lib/tasks/contract'
import { cancelTask } from '@/lib/tasks/control'
import { listTasks } from '@/lib/tasks/queries'
import { replayDelivery } from '@/lib/webhooks/deliveries'
import { changeEndpoint } from '@/lib/webhooks/endpoints'
import { deliverWebhook } from '@/lib/webhooks/kinds'
import { useDatabase } from '@/tests/support/database'
import { type Received, type Receiver, startReceiver } from '@/tests/support/receiver'
import { useWebhookRoom } from '@/tests/support/webhook-room'
import { claimTask } from '@/worker/claim'
import type { Run } from '@/worker/handler'
import { deliver } from '@/worker/webhooks/deliver'
import { RETRY_DELAYS_MS } from '@/worker/webhooks/retry-schedule'

const database = useDatabase()
const room = useWebhookRoom(database)
let receiver: Receiver

beforeAll(async () => void (receiver = await startReceiver()))
afterAll(() => receiver.close())
afterEach(async () => {
  await database.db.webhookEndpoint.deleteMany()
  await room.deliverLate()
  receiver.received.length = 0
  receiver.answer = (response) => response.end('thanks')
})

const verified = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers) as { type: string; timestamp: string; data: { task: TaskDto } }
const refuse = (status: number, headers: Record<string, string> = {}) =>
  (receiver.answer = (response) => response.writeHead(status, headers).end('no'))

describe('the end of a task', () => {
  it('is posted with a signature that the standard library verifies', async () => {
    const { secret, id } = await room.add(receiver.url)
    const task = await room.endTask()
    expect(await room.deliverDue()).toBe(1)
    const event = verified(secret, receiver.received[0]!)
    expect(event).toMatchObject({
      type: 'task.done',
      timestamp: task.finishedAt!.toISOString(),
      data: { task: { id: task.id, state: 'done', result: { answer: 42 }, version: task.version } },
    })
    expect(() => verified(`whsec_${btoa('another secret of nobody')}`, receiver.received[0]!)).toThrow()
    const [delivery] = await room.deliveries(id)
    expect(receiver.received[0]!.headers['webhook-id']).toBe(delivery!.id)
    expect(delivery).toMatchObject({ state: 'delivered', log: [{ status: 200, responseHead: 'thanks' }] })
  })

  it('is told to those who asked for this event and kind, and not of the deliveries themselves', async () => {
    const all = await room.add(receiver.url)
    const failures = await room.add(receiver.url, { events: ['task.failed'] })
    const others = await room.add(receiver.url, { kinds: ['video.illustrate'] })
    await room.endTask()
    await room.endTask(() => Promise.reject(new PermanentError({ code: 'a.b', message: 'Damaged.' })))
    expect(await room.deliverDue()).toBe(3)
    expect(await room.deliverDue()).toBe(0)
    const types = async (id: string) => (await room.deliveries(id)).map(({ type }) => type)
    expect(await types(all.id)).toEqual(['task.failed', 'task.done'])
    expect(await types(failures.id)).toEqual(['task.failed'])
    expect(await types(others.id)).toEqual([])
    const listed = await listTasks(database.db, { ownerId: room.ownerId })
    expect(listed.tasks.map(({ kind }) => kind)).not.toContain(deliverWebhook.name)
    const kind = deliverWebhook.name
    expect((await listTasks(database.db, { ownerId: room.ownerId, kind })).tasks).not.toEqual([])
  })

  it('is written together with it, or not at all', async () => {
    const { id } = await room.add(receiver.url)
    await room.endTask(async () => ({ store: () => Promise.reject(new Error('the disk is full')) }))
    expect(await room.deliveries(id)).toEqual([])
    const [open] = (await listTasks(database.db, { ownerId: room.ownerId, state: 'queued' })).tasks
    await cancelTask({ ...room.given(), taskId: open!.id, ownerId: room.ownerId })
    expect(await room.deliveries(id)).toMatchObject([{ type: 'task.canceled' }])
  })

  it('is posted again under the same id when the worker died before it had said so', async () => {
    await room.add(receiver.url)
    await room.endTask()
    const job = (await room.nextJob(deliverWebhook))!
    const task = await claimTask(database.db, { taskId: job.data.taskId, jobId: job.id })
    const run = { payload: task!.payload, signal: new AbortController().signal, context: room.context() }
    // What this run comes to is never settled.
    await deliver.run(run as Run<never>)
    await room.runJob(deliver as never, job)
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })
})

describe('an endpoint that fails', () => {
  it('is tried again by the schedule until it answers', async () => {
    refuse(500)
    const { id } = await room.add(receiver.url)
    await room.endTask()
    await room.deliverDue()
    const [first] = await room.deliveries(id)
    expect(first).toMatchObject({ state: 'waiting', attempts: 1, log: [{ status: 500 }] })
    expect(await room.deliverDue()).toBe(0)
    expect((await room.endpoint(id)).failingSince).not.toBeNull()
    receiver.answer = (response) => response.end()
    expect(await room.deliverLate()).toBe(1)
    expect((await room.deliveries(id))[0]).toMatchObject({ state: 'delivered', attempts: 2 })
    expect((await room.endpoint(id)).failingSince).toBeNull()
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
  })

  it('is told in words of why, when nobody is there', async () => {
    const { url, close } = await startReceiver()
    await close()
    const { id } = await room.add(url)
    await room.endTask()
    await room.deliverDue()
    const [delivery] = await room.deliveries(id)
    expect(delivery!.log[0]).toMatchObject({
      status: null,
      error: 'Nothing listens at the address (ECONNREFUSED).',
    })
  })

  it('is tried again where the name stands for a private address, which may be so for a moment', async () => {
    const { id } = await room.add('http://localhost:4099/hook')
    await room.endTask()
    await room.deliverDue()
    expect(await room.deliveries(id)).toMatchObject([
      { state: 'waiting', log: [{ status: null, error: expect.stringContaining('not') }] },
    ])
    await database.db.webhookEndpoint.update({ where: { id }, data: { url: 'http://10.0.0.1/' } })
    await room.deliverLate()
    expect(await room.deliveries(id)).toMatchObject([{ state: 'failed' }])
  })

  it('is given the time it asks for', async () => {
    refuse(503, { 'retry-after': '7200' })
    const { id } = await room.add(receiver.url)
    await room.endTask()
    await room.deliverDue()
    const [delivery] = await room.deliveries(id)
    expect(Date.parse(delivery!.nextAttemptAt!) - Date.now()).toBeGreaterThan(7_100_000)
  })

  it('is turned off after three days, and the owner sees why; the delivery can be replayed', async () => {
    refuse(500)
    const { id, secret } = await room.add(receiver.url)
    await room.endTask()
    await room.deliverDue()
    const failingSince = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000)
    await database.db.webhookEndpoint.update({ where: { id }, data: { failingSince } })
    for (let n = 0; n < RETRY_DELAYS_MS.length; n++) await room.deliverLate()
    const endpoint = await room.endpoint(id)
    expect(endpoint.disabledReason).toBe('Nothing got through for three days. Last: It answered 500.')
    const [delivery] = await room.deliveries(id)
    expect(delivery).toMatchObject({ state: 'skipped', attempts: 2 })

    receiver.answer = (response) => response.end()
    const target = { id, ownerId: room.ownerId }
    const replay = () => replayDelivery(room.given(), { id: delivery!.id, ownerId: room.ownerId })
    await expect(replay()).rejects.toMatchObject({ code: 'webhook.disabled' })
    await changeEndpoint(database.db, target, { isEnabled: true })
    await replay()
    await expect(replay()).rejects.toMatchObject({ code: 'delivery.waiting' })
    await room.deliverDue()
    expect((await room.deliveries(id))[0]).toMatchObject({ state: 'delivered', attempts: 1 })
    expect(verified(secret, receiver.received.at(-1)!).type).toBe('task.done')
  })

  it('that is turned off is told to its owner by mail, once each time', async () => {
    refuse(410)
    const { id } = await room.add(receiver.url)
    const mails = () =>
      database.db.mail.findMany({
        where: { ownerId: room.ownerId, eventKey: { startsWith: `webhook.failed/${id}` } },
      })
    await room.endTask()
    await room.endTask()
    await room.deliverDue()
    const told = {
      event: 'webhook.failed',
      title: '127.0.0.2',
      href: expect.stringMatching(new RegExp(`/account/webhooks/${id}$`)),
      detail: expect.stringMatching(/^It answered 410 Gone/),
    }
    expect(await mails()).toMatchObject([{ template: 'outcome', state: 'waiting', data: told }])
    await changeEndpoint(database.db, { id, ownerId: room.ownerId }, { isEnabled: true })
    await room.endTask()
    await room.deliverDue()
    expect(await mails()).toHaveLength(2)
  })

  it('is not held against the address that it was given meanwhile', async () => {
    const { id } = await room.add(receiver.url)
    const failingSince = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000)
    await database.db.webhookEndpoint.update({ where: { id }, data: { failingSince } })
    receiver.answer = async (response) => {
      await changeEndpoint(database.db, { id, ownerId: room.ownerId }, { url: `${receiver.url}/new` })
      response.writeHead(500).end('no')
    }
    await room.endTask()
    await room.deliverDue()
    expect(await room.endpoint(id)).toMatchObject({
      isEnabled: true,
      failingSince: null,
      disabledReason: null,
    })
  })

  it('is not held against an address that took something else meanwhile', async () => {
    const { id } = await room.add(receiver.url)
    const failingSince = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000)
    await database.db.webhookEndpoint.update({ where: { id }, data: { failingSince } })
    receiver.answer = async (response) => {
      await database.db.webhookEndpoint.update({ where: { id }, data: { failingSince: null } })
      response.writeHead(500).end('no')
    }
    await room.endTask()
    await room.deliverDue()
    const endpoint = await room.endpoint(id)
    expect(endpoint.isEnabled).toBe(true)
    expect(Date.now() - endpoint.failingSince!.getTime()).toBeLessThan(60_000)
  })

  it('is given up after the last attempt', async () => {
    refuse(500)
    const { id } = await room.add(receiver.url)
    await room.endTask()
    await room.deliverDue()
    for (const _ of RETRY_DELAYS_MS) expect(await room.deliverLate()).toBe(1)
    expect(await room.deliverLate()).toBe(0)
    expect((await room.deliveries(id))[0]).toMatchObject({ state: 'failed', attempts: 10 })
    expect(receiver.received).toHaveLength(10)
  })

  it('that answers 410 is turned off at once', async () => {
    refuse(410)
    const { id } = await room.add(receiver.url)
    await room.endTask()
    await room.deliverDue()
    expect(await room.endpoint(id)).toMatchObject({
      isEnabled: false,
      disabledReason: expect.stringMatching(/410/),
    })
    expect((await room.deliveries(id))[0]).toMatchObject({ state: 'failed', attempts: 1 })
    await room.endTask()
    expect(await room.deliveries(id)).toHaveLength(1)
  })
})
