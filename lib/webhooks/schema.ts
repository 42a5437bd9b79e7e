import { z } from 'zod'

/** Events that an endpoint can subscribe to. */
const webhookEvents = ['task.done', 'task.failed', 'task.canceled'] as const
/** Sent on request only, regardless of subscriptions. */
export const TEST_EVENT = 'webhook.test'

export const MAX_ENDPOINTS = 20

const urlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  // Postgres cannot store NUL.
  .regex(/^\P{Cc}*$/u, 'must not contain control characters')
const eventsSchema = z
  .array(z.enum(webhookEvents))
  .transform((events) => [...new Set(events)])
  .describe('Events to send. Empty: all of them')
const kindsSchema = z
  .array(z.string().min(1).max(100))
  .max(50)
  .describe('Kinds of tasks to send events for. Empty: all of them')

export const createWebhookSchema = z.object({
  url: urlSchema.describe('Endpoint that receives events by POST, as specified by Standard Webhooks'),
  events: eventsSchema.default([]),
  kinds: kindsSchema.default([]),
})

export const updateWebhookSchema = z.object({
  url: urlSchema.optional(),
  events: eventsSchema.optional(),
  kinds: kindsSchema.optional(),
  isEnabled: z.boolean().optional(),
})

export const webhookSchema = z.object({
  id: z.uuid(),
  url: z.string(),
  events: z.array(z.string()),
  kinds: z.array(z.string()),
  isEnabled: z.boolean(),
  disabledReason: z.string().nullable().describe('Why the webhook was disabled automatically'),
  failingSince: z.iso.datetime().nullable().describe('When the current series of failed deliveries began'),
  formerSecretUntil: z.iso.datetime().nullable().describe('Until when the previous secret also signs'),
  createdAt: z.iso.datetime(),
})

export const webhookWithSecretSchema = webhookSchema.extend({
  secret: z.string().describe('Signing secret (whsec_…), shown only once'),
})

const webhookAttemptSchema = z.object({
  at: z.iso.datetime(),
  status: z.number().int().nullable().describe('HTTP status of the response, if there was one'),
  latencyMs: z.number().int(),
  error: z.string().nullable(),
  responseHead: z.string().nullable().describe('Always null: response bodies are not read'),
})

export const webhookDeliverySchema = z.object({
  id: z.uuid().describe('Sent as webhook-id, the same in every attempt'),
  type: z.string(),
  state: z.enum(['waiting', 'delivered', 'failed', 'skipped']),
  attempts: z.number().int().describe('Attempts since it was last queued'),
  nextAttemptAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  body: z.string(),
  log: z.array(webhookAttemptSchema).describe('Attempts, newest first, at most 12'),
})

export const deliveryListSchema = z.object({
  cursor: z.uuid().optional().describe('nextCursor of the previous page'),
  limit: z.coerce.number().int().min(1).max(100).optional(),
})

export type WebhookDto = z.infer<typeof webhookSchema>
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>
export type WebhookDeliveryDto = z.infer<typeof webhookDeliverySchema>
