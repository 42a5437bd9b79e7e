import { Webhook } from 'standardwebhooks'
import { databaseTimeMs } from '@/lib/cluster/database-clock'
import type { WebhookDelivery, WebhookEndpoint } from '@/lib/generated/prisma/client'
import { decryptSecret } from '@/lib/accounts/encrypt-secret'
import { parseWebhookUrl } from '@/lib/webhooks/url-policy'
import { connectionErrorMessage } from '../http/connection-error-message'
import { statusMessage } from './failure-messages'
import { postWebhook } from './post-webhook'
import { parseRetryAfter } from './retry-schedule'

export const HTTP_GONE = 410

export type DeliveryWithEndpoint = WebhookDelivery & { endpoint: WebhookEndpoint }

export interface AttemptResult {
  status?: number
  latencyMs: number
  /** Unset if the endpoint accepted the event. */
  error?: string
  retryAfterMs?: number
  /** Retrying cannot succeed. */
  isFinal?: boolean
}

/** Signs and posts a delivery once. @throws the reason of `signal` when it is aborted */
export async function attemptDelivery(
  delivery: DeliveryWithEndpoint,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const headers = await signDelivery(delivery)
  const startedAt = performance.now()
  const latency = () => Math.round(performance.now() - startedAt)
  try {
    const { url } = delivery.endpoint
    const response = await postWebhook({ url, body: delivery.body, headers, signal })
    const { status } = response
    const isAccepted = status >= 200 && status < 300
    return {
      status,
      latencyMs: latency(),
      retryAfterMs: parseRetryAfter(response.retryAfter),
      error: isAccepted ? undefined : statusMessage(status),
      isFinal: status === HTTP_GONE,
    }
  } catch (error) {
    signal.throwIfAborted()
    // A forbidden URL remains forbidden; the addresses of a host name may change.
    return {
      latencyMs: latency(),
      error: connectionErrorMessage(error),
      isFinal: isUrlForbidden(delivery.endpoint.url),
    }
  }
}

function isUrlForbidden(url: string) {
  try {
    parseWebhookUrl(url)
    return false
  } catch {
    return true
  }
}

/**
 * The headers of the Standard Webhooks specification, signed with the secret and, until it expires, the previous one.
 */
async function signDelivery({ id, body, endpoint }: DeliveryWithEndpoint) {
  const now = new Date()
  const { formerSecret, formerSecretUntil } = endpoint
  const former = formerSecretUntil && formerSecretUntil.getTime() > databaseTimeMs() ? formerSecret : null
  const encrypted = [endpoint.secret, ...(former ? [former] : [])]
  const secrets = await Promise.all(encrypted.map(decryptSecret))
  return {
    'content-type': 'application/json',
    'user-agent': 'Meanwhile-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  }
}
