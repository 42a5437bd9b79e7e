import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WebhookDeliveryDto, WebhookDto } from '@/lib/webhooks/schema'
import { type App, startApp } from '@/tests/support/app'
import { type WebhookReceiver, startWebhookReceiver } from '@/tests/support/webhook-receiver'

let app: App
let receiver: WebhookReceiver
let key: string

beforeAll(async () => {
  receiver = await startWebhookReceiver()
  app = await startApp({ MACHINES: 'off', WEBHOOK_ALLOW_PRIVATE: '127.0.0.2/32' })
  key = (await app.createUser('fault@example.com', { isAdmin: true })).key
})
afterAll(async () => {
  await app.stop()
  await receiver.close()
})

async function requestJson<T>(at: string, body?: object) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  return (await (await fetch(`${app.url}${at}`, { headers, ...init })).json()) as T
}

it('redelivers a webhook with the same ID when the worker is killed before it reads the response', async () => {
  // On the first attempt, the worker dies before it reads the response.
  receiver.respond = (response) => {
    if (receiver.received.length === 1) process.kill(app.findPid('worker/main.ts'), 'SIGKILL')
    response.end()
  }
  const { id } = await requestJson<WebhookDto>('/api/v1/webhooks', { url: receiver.url })
  await requestJson(`/api/v1/webhooks/${id}/test`, {})
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(2)
  const [first, second] = receiver.received
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
  expect(second!.body).toBe(first!.body)
  const state = async () => {
    const page = await requestJson<{ deliveries: WebhookDeliveryDto[] }>(`/api/v1/webhooks/${id}/deliveries`)
    return page.deliveries[0]!.state
  }
  await expect.poll(state).toBe('delivered')
})
