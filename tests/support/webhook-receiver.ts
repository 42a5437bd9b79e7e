import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import type { TaskDto } from '@/lib/tasks/schema'

export interface ReceivedWebhook {
  path: string
  headers: Record<string, string>
  body: string
}

/** Verifies the signature with the standard library. Returns the event. @throws {Error} if it does not match `secret` */
export const verifySignature = (secret: string, { body, headers }: ReceivedWebhook) =>
  new Webhook(secret).verify(body, headers) as { type: string; timestamp: string; data: { task: TaskDto } }

type Respond = (response: ServerResponse, received: ReceivedWebhook) => unknown

/** A server that records webhooks, on a loopback address other than 127.0.0.1. */
export async function startWebhookReceiver(tls?: { key: string; cert: string }) {
  const received: ReceivedWebhook[] = []
  const receiver = {
    received,
    respond: ((response) => response.end('thanks')) as Respond,
    url: '',
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const headers = request.headers as Record<string, string>
    const webhook = { path: request.url!, headers, body: await text(request) }
    received.push(webhook)
    await receiver.respond(response, webhook)
  }
  const listener = (request: IncomingMessage, response: ServerResponse) => void onRequest(request, response)
  const server = tls ? createHttps(tls, listener) : createHttp(listener)
  await new Promise<void>((resolve) => server.listen(0, RECEIVER_HOST, resolve))
  receiver.url = `${tls ? 'https' : 'http'}://${RECEIVER_HOST}:${(server.address() as AddressInfo).port}/hook`
  return receiver
}

/** Allowed in vitest.config.ts. `localhost` does not resolve to it, so that tests can use it as a refused host. */
const RECEIVER_HOST = '127.0.0.2'

export type WebhookReceiver = Awaited<ReturnType<typeof startWebhookReceiver>>
