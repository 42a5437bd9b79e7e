import { ECDH } from 'node:crypto'
import { z } from 'zod'

const PUBLIC_KEY_BYTES = 65
const AUTH_BYTES = 16

const keySchema = (bytes: number) =>
  z
    .string()
    .max(100)
    .regex(/^[\w-]+={0,2}$/, 'must be base64url')
    .refine((text) => Buffer.from(text, 'base64url').length === bytes, `must have ${bytes} bytes`)

/** What `PushSubscription.toJSON()` of a browser returns. */
export const createSubscriptionSchema = z.object({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters')
    .describe('URL at the push service of the browser'),
  keys: z.object({
    p256dh: keySchema(PUBLIC_KEY_BYTES)
      .refine(isOnCurve, 'is not a point of P-256')
      .describe('Public key of the browser, with which messages are encrypted'),
    auth: keySchema(AUTH_BYTES).describe('Secret that the browser shares with this server'),
  }),
})
export type SubscriptionInput = z.infer<typeof createSubscriptionSchema>

export const pushSubscriptionSchema = z.object({
  id: z.uuid(),
  device: z.string().describe('Browser and system of the session'),
  service: z.string().describe('Host of the push service'),
  isCurrent: z.boolean().describe('Whether it belongs to the session of this request'),
  createdAt: z.iso.datetime(),
  lastSentAt: z.iso.datetime().nullable(),
})
export type PushSubscriptionDto = z.infer<typeof pushSubscriptionSchema>

export const pushSchema = z.object({
  publicKey: z.string().describe('The applicationServerKey to subscribe with (VAPID), in base64url'),
  subscriptions: z.array(pushSubscriptionSchema),
})

function isOnCurve(key: string) {
  try {
    ECDH.convertKey(Buffer.from(key, 'base64url'), 'prime256v1')
    return true
  } catch {
    return false
  }
}
