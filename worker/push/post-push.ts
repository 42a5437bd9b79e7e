import webPush from 'web-push'
import { config } from '@/lib/config/config'
import { resolveOwnNetworks } from '@/lib/http/own-networks'
import type { SubscriptionInput } from '@/lib/push/schema'
import { parsePushEndpoint, pushPolicy } from '@/lib/push/service-policy'
import { PUSH_LIFETIME_SECONDS } from '@/lib/push/tasks'
import { vapidKeys } from '@/lib/push/vapid-keys'
import { postOnce } from '../http/post-once'

interface Options {
  subscription: SubscriptionInput
  payload: object
  /** Of undelivered messages with the same topic, the push service keeps the last one. At most 32 characters of base64url. */
  topic: string
  signal: AbortSignal
}

/**
 * Encrypts a message for a browser (RFC 8291) and posts it to its push service, which cannot read it. Encrypted by the
 * package, but posted by `postOnce`: clients choose the endpoint.
 * @throws {AppError} push.endpoint_refused. @throws {Error} without a response
 */
export async function postPush({ subscription, payload, topic, signal }: Options) {
  const policy = pushPolicy(await resolveOwnNetworks())
  const target = parsePushEndpoint(subscription.endpoint, policy)
  const { headers, body } = webPush.generateRequestDetails(subscription, JSON.stringify(payload), {
    vapidDetails: { subject: contactUrl(), ...vapidKeys() },
    TTL: PUSH_LIFETIME_SECONDS,
    topic,
    contentEncoding: 'aes128gcm',
  })
  return postOnce({ target, policy, body: body!, headers: toStrings(headers), signal })
}

/** How the operator of a push service reaches the one of this server. */
function contactUrl() {
  const { publicUrl, MAIL_FROM } = config()
  if (publicUrl.startsWith('https:')) return publicUrl
  return `mailto:${/<([^<>]+)>\s*$/.exec(MAIL_FROM)?.[1] ?? MAIL_FROM}`
}

const toStrings = (headers: object) =>
  Object.fromEntries(
    Object.entries(headers)
      // `postOnce` sets it.
      .filter(([name]) => name.toLowerCase() !== 'content-length')
      .map(([name, value]) => [name, String(value)]),
  )
