import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WebhookDeliveryDto, WebhookDto } from '@/lib/webhooks/schema'
import type { TestUser } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'
import { type WebhookReceiver, startWebhookReceiver } from '@/tests/support/webhook-receiver'

let app: App
let receiver: WebhookReceiver
let user: TestUser

beforeAll(async () => {
  receiver = await startWebhookReceiver()
  app = await startApp({ MACHINES: 'off', WEBHOOK_ALLOW_PRIVATE: '127.0.0.2/32' })
  user = await app.createUser('fault@example.com', { isAdmin: true })
})
afterAll(async () => {
  await app.stop()
  await receiver.close()
})

const postJson = <T>(at: string, body: object) =>
  user.fetchJson<T>(at, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

it('redelivers a webhook with the same ID when the worker is killed before it reads the response', async () => {
  // On the first attempt, the worker dies before it reads the response.
  receiver.respond = (response) => {
    if (receiver.received.length === 1) process.kill(app.findPid('dist/worker.js'), 'SIGKILL')
    response.end()
  }
  const { id } = await postJson<WebhookDto>('/api/v1/webhooks', { url: receiver.url })
  await postJson(`/api/v1/webhooks/${id}/test`, {})
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(2)
  const [first, second] = receiver.received
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
  expect(second!.body).toBe(first!.body)
  const state = async () => {
    const page = await user.fetchJson<{ deliveries: WebhookDeliveryDto[] }>(
      `/api/v1/webhooks/${id}/deliveries`,
    )
    return page.deliveries[0]!.state
  }
  await expect.poll(state).toBe('delivered')
})
