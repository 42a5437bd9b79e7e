// Over 200 lines because it covers every outcome of a delivery with one database and one receiver.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PermanentError } from '@/lib/errors'
import { cancelTask } from '@/lib/tasks/commands'
import { listTasks } from '@/lib/tasks/queries'
import { kindLabel } from '@/lib/tasks/registry'
import { updateEndpoint } from '@/lib/webhooks/commands'
import { replayDelivery } from '@/lib/webhooks/delivery-commands'
import { deliverWebhookTask } from '@/lib/webhooks/tasks'
import { useDatabase } from '@/tests/support/database'
import { type WebhookReceiver, startWebhookReceiver, verifySignature } from '@/tests/support/webhook-receiver'
import { useWebhookFixture } from '@/tests/support/webhook-fixture'
import { claimTask } from '@/worker/runtime/claim'
import type { TaskRun } from '@/worker/runtime/handler'
import { deliverWebhook } from '@/worker/webhooks/deliver-webhook'
import { RETRY_DELAYS_MS } from '@/worker/webhooks/retry-schedule'

const database = useDatabase()
const fixture = useWebhookFixture(database)
let receiver: WebhookReceiver

beforeAll(async () => void (receiver = await startWebhookReceiver()))
afterAll(() => receiver.close())
afterEach(async () => {
  await database.db.webhookEndpoint.deleteMany()
  await fixture.deliverWithRetries()
  receiver.received.length = 0
  receiver.respond = (response) => response.end('thanks')
})

const respondWith = (status: number, headers: Record<string, string> = {}) =>
  (receiver.respond = (response) => response.writeHead(status, headers).end('no'))

describe('the event at the end of a task', () => {
  it('is posted with a signature that the standard library verifies', async () => {
    const { secret, id } = await fixture.addEndpoint(receiver.url)
    const task = await fixture.finishTask()
    expect(await fixture.deliverDue()).toBe(1)
    const event = verifySignature(secret, receiver.received[0]!)
    expect(event).toMatchObject({
      type: 'task.done',
      timestamp: task.finishedAt!.toISOString(),
      data: { task: { id: task.id, state: 'done', result: { answer: 42 }, version: task.version } },
    })
    expect(() => verifySignature(`whsec_${btoa('some unrelated secret')}`, receiver.received[0]!)).toThrow()
    const [delivery] = await fixture.listDeliveries(id)
    expect(receiver.received[0]!.headers['webhook-id']).toBe(delivery!.id)
    expect(delivery).toMatchObject({ state: 'delivered', log: [{ status: 200, responseHead: null }] })
  })

  it('is in English for users of other languages', async () => {
    const { secret } = await fixture.addEndpoint(receiver.url)
    await database.db.user.updateMany({ data: { locale: 'de' } })
    const { kind } = await fixture.finishTask()
    await database.db.user.updateMany({ data: { locale: null } })
    await fixture.deliverDue()
    const event = verifySignature(secret, receiver.received[0]!)
    expect(event).toMatchObject({ data: { task: { label: kindLabel(kind) } } })
  })

  it('is sent to endpoints that subscribe to its type and kind, and never for deliveries themselves', async () => {
    const all = await fixture.addEndpoint(receiver.url)
    const failures = await fixture.addEndpoint(receiver.url, { events: ['task.failed'] })
    const others = await fixture.addEndpoint(receiver.url, { kinds: ['video.illustrate'] })
    await fixture.finishTask()
    await fixture.finishTask(() => Promise.reject(new PermanentError({ code: 'a.b', message: 'Damaged.' })))
    expect(await fixture.deliverDue()).toBe(3)
    expect(await fixture.deliverDue()).toBe(0)
    const types = async (id: string) => (await fixture.listDeliveries(id)).map(({ type }) => type)
    expect(await types(all.id)).toEqual(['task.failed', 'task.done'])
    expect(await types(failures.id)).toEqual(['task.failed'])
    expect(await types(others.id)).toEqual([])
    const listed = await listTasks(database.db, { ownerId: fixture.ownerId })
    expect(listed.tasks.map(({ kind }) => kind)).not.toContain(deliverWebhookTask.name)
    const kind = deliverWebhookTask.name
    expect((await listTasks(database.db, { ownerId: fixture.ownerId, kind })).tasks).not.toEqual([])
  })

  it('is committed together with the end of the task', async () => {
    const { id } = await fixture.addEndpoint(receiver.url)
    await fixture.finishTask(async () => ({ store: () => Promise.reject(new Error('the disk is full')) }))
    expect(await fixture.listDeliveries(id)).toEqual([])
    const [open] = (await listTasks(database.db, { ownerId: fixture.ownerId, state: 'queued' })).tasks
    await cancelTask({ ...fixture.deps(), taskId: open!.id, ownerId: fixture.ownerId })
    expect(await fixture.listDeliveries(id)).toMatchObject([{ type: 'task.canceled' }])
  })

  it('is posted again with the same id when the worker dies before it records the success', async () => {
    await fixture.addEndpoint(receiver.url)
    await fixture.finishTask()
    const job = (await fixture.nextJob(deliverWebhookTask))!
    const task = await claimTask(database.db, { taskId: job.data.taskId, jobId: job.id })
    const run = { payload: task!.payload, signal: new AbortController().signal, context: fixture.context() }
    // The result of this run is never stored.
    await deliverWebhook.run(run as TaskRun<never>)
    await fixture.runJob(deliverWebhook as never, job)
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })
})

describe('a failing endpoint', () => {
  it('is retried on schedule until it responds', async () => {
    respondWith(500)
    const { id } = await fixture.addEndpoint(receiver.url)
    await fixture.finishTask()
    await fixture.deliverDue()
    const [first] = await fixture.listDeliveries(id)
    expect(first).toMatchObject({ state: 'waiting', attempts: 1, log: [{ status: 500 }] })
    expect(await fixture.deliverDue()).toBe(0)
    expect((await fixture.readEndpoint(id)).failingSince).not.toBeNull()
    receiver.respond = (response) => response.end()
    expect(await fixture.deliverWithRetries()).toBe(1)
    expect((await fixture.listDeliveries(id))[0]).toMatchObject({ state: 'delivered', attempts: 2 })
    expect((await fixture.readEndpoint(id)).failingSince).toBeNull()
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
  })

  it('has the reason in the log when it refuses connections', async () => {
    const { url, close } = await startWebhookReceiver()
    await close()
    const { id } = await fixture.addEndpoint(url)
    await fixture.finishTask()
    await fixture.deliverDue()
    const [delivery] = await fixture.listDeliveries(id)
    expect(delivery!.log[0]).toMatchObject({
      status: null,
      error: 'The connection was refused (ECONNREFUSED).',
    })
  })

  it('is retried if its host name resolves to a private address, but not if its URL contains one', async () => {
    const { id } = await fixture.addEndpoint('http://localhost:4099/hook')
    await fixture.finishTask()
    await fixture.deliverDue()
    expect(await fixture.listDeliveries(id)).toMatchObject([
      { state: 'waiting', log: [{ status: null, error: expect.stringContaining('not') }] },
    ])
    await database.db.webhookEndpoint.update({ where: { id }, data: { url: 'http://10.0.0.1/' } })
    await fixture.deliverWithRetries()
    expect(await fixture.listDeliveries(id)).toMatchObject([{ state: 'failed' }])
  })

  it('is retried as late as its Retry-After requests', async () => {
    respondWith(503, { 'retry-after': '7200' })
    const { id } = await fixture.addEndpoint(receiver.url)
    await fixture.finishTask()
    await fixture.deliverDue()
    const [delivery] = await fixture.listDeliveries(id)
    expect(Date.parse(delivery!.nextAttemptAt!) - Date.now()).toBeGreaterThan(7_100_000)
  })

  it('is disabled with a reason after three days; its delivery can be replayed', async () => {
    respondWith(500)
    const { id, secret } = await fixture.addEndpoint(receiver.url)
    await fixture.finishTask()
    await fixture.deliverDue()
    const failingSince = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000)
    await database.db.webhookEndpoint.update({ where: { id }, data: { failingSince } })
    for (let n = 0; n < RETRY_DELAYS_MS.length; n++) await fixture.deliverWithRetries()
    const endpoint = await fixture.readEndpoint(id)
    expect(endpoint.disabledReason).toBe(
      'No delivery succeeded for three days. Last error: The endpoint responded with 500.',
    )
    const [delivery] = await fixture.listDeliveries(id)
    expect(delivery).toMatchObject({ state: 'skipped', attempts: 2 })

    receiver.respond = (response) => response.end()
    const target = { id, ownerId: fixture.ownerId }
    const replay = () => replayDelivery(fixture.deps(), { id: delivery!.id, ownerId: fixture.ownerId })
    await expect(replay()).rejects.toMatchObject({ code: 'webhook.disabled' })
    await updateEndpoint(database.db, target, { isEnabled: true })
    await replay()
    await expect(replay()).rejects.toMatchObject({ code: 'delivery.waiting' })
    await fixture.deliverDue()
    expect((await fixture.listDeliveries(id))[0]).toMatchObject({ state: 'delivered', attempts: 1 })
    expect(verifySignature(secret, receiver.received.at(-1)!).type).toBe('task.done')
  })

  it('is reported to its owner by one mail each time it is disabled', async () => {
    respondWith(410)
    const { id } = await fixture.addEndpoint(receiver.url)
    const mails = () =>
      database.db.mail.findMany({
        where: { ownerId: fixture.ownerId, eventKey: { startsWith: `webhook.failed/${id}` } },
      })
    await fixture.finishTask()
    await fixture.finishTask()
    await fixture.deliverDue()
    const data = {
      event: 'webhook.failed',
      title: '127.0.0.2',
      href: expect.stringMatching(new RegExp(`/account/webhooks/${id}$`)),
      detail: expect.stringMatching(/^The endpoint responded with 410 Gone/),
    }
    expect(await mails()).toMatchObject([{ template: 'outcome', state: 'waiting', data }])
    await updateEndpoint(database.db, { id, ownerId: fixture.ownerId }, { isEnabled: true })
    await fixture.finishTask()
    await fixture.deliverDue()
    expect(await mails()).toHaveLength(2)
  })

  it('does not disable a URL that was changed during the attempt', async () => {
    const { id } = await fixture.addEndpoint(receiver.url)
    const failingSince = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000)
    await database.db.webhookEndpoint.update({ where: { id }, data: { failingSince } })
    receiver.respond = async (response) => {
      await updateEndpoint(database.db, { id, ownerId: fixture.ownerId }, { url: `${receiver.url}/new` })
      response.writeHead(500).end('no')
    }
    await fixture.finishTask()
    await fixture.deliverDue()
    expect(await fixture.readEndpoint(id)).toMatchObject({
      isEnabled: true,
      failingSince: null,
      disabledReason: null,
    })
  })

  it('is not disabled if it accepted another event during the attempt', async () => {
    const { id } = await fixture.addEndpoint(receiver.url)
    const failingSince = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000)
    await database.db.webhookEndpoint.update({ where: { id }, data: { failingSince } })
    receiver.respond = async (response) => {
      await database.db.webhookEndpoint.update({ where: { id }, data: { failingSince: null } })
      response.writeHead(500).end('no')
    }
    await fixture.finishTask()
    await fixture.deliverDue()
    const endpoint = await fixture.readEndpoint(id)
    expect(endpoint.isEnabled).toBe(true)
    expect(Date.now() - endpoint.failingSince!.getTime()).toBeLessThan(60_000)
  })

  it('fails its delivery after the last attempt', async () => {
    respondWith(500)
    const { id } = await fixture.addEndpoint(receiver.url)
    await fixture.finishTask()
    await fixture.deliverDue()
    for (const _ of RETRY_DELAYS_MS) expect(await fixture.deliverWithRetries()).toBe(1)
    expect(await fixture.deliverWithRetries()).toBe(0)
    expect((await fixture.listDeliveries(id))[0]).toMatchObject({ state: 'failed', attempts: 10 })
    expect(receiver.received).toHaveLength(10)
  })

  it('is disabled at once by a 410 response', async () => {
    respondWith(410)
    const { id } = await fixture.addEndpoint(receiver.url)
    await fixture.finishTask()
    await fixture.deliverDue()
    expect(await fixture.readEndpoint(id)).toMatchObject({
      isEnabled: false,
      disabledReason: expect.stringMatching(/410/),
    })
    expect((await fixture.listDeliveries(id))[0]).toMatchObject({ state: 'failed', attempts: 1 })
    await fixture.finishTask()
    expect(await fixture.listDeliveries(id)).toHaveLength(1)
  })
})
