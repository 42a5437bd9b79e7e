import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WebhookDeliveryDto, WebhookDto } from '@/lib/webhooks/contract'
import { type App, startApp } from '@/tests/support/app'
import { type Receiver, startReceiver } from '@/tests/support/receiver'

let app: App
let receiver: Receiver
let key: string

beforeAll(async () => {
  receiver = await startReceiver()
  app = await startApp({ MACHINES: 'off', WEBHOOK_ALLOW_PRIVATE: '127.0.0.2/32' })
  key = app.createAccount({ email: 'fault@example.com', password: 'correct-horse-battery' })
})
afterAll(async () => {
  await app.stop()
  await receiver.close()
})

async function api<T>(at: string, body?: object) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  return (await (await fetch(`${app.url}${at}`, { headers, ...init })).json()) as T
}

it('a delivery whose worker is killed when the answer is on its way arrives again under the same id', async () => {
  // The first time, the worker is dead before it hears that it was taken.
  receiver.answer = (response) => {
    if (receiver.received.length === 1) process.kill(app.processOf('worker/main.ts'), 'SIGKILL')
    response.end()
  }
  const { id } = await api<WebhookDto>('/api/v1/webhooks', { url: receiver.url })
  await api(`/api/v1/webhooks/${id}/test`, {})
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(2)
  const [first, second] = receiver.received
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
  expect(second!.body).toBe(first!.body)
  const state = async () => {
    const page = await api<{ deliveries: WebhookDeliveryDto[] }>(`/api/v1/webhooks/${id}/deliveries`)
    return page.deliveries[0]!.state
  }
  await expect.poll(state).toBe('delivered')
})
