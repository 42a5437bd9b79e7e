import { z } from 'zod'

/** What an endpoint may be told of. */
export const webhookEvents = ['task.done', 'task.failed', 'task.canceled'] as const
/** Sent by the button only, whatever the endpoint is told of. */
export const TEST_EVENT = 'webhook.test'

export const MAX_ENDPOINTS = 20

const urlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  // NUL among them, which the database does not take.
  .regex(/^\P{Cc}*$/u, 'must not hold control characters')
const eventsSchema = z
  .array(z.enum(webhookEvents))
  .transform((chosen) => [...new Set(chosen)])
  .describe('Only these events; all of them where empty')
const kindsSchema = z
  .array(z.string().min(1).max(100))
  .max(50)
  .describe('Only tasks of these kinds; of all where empty')

export const createWebhookSchema = z.object({
  url: urlSchema.describe('Where events are POSTed, by the Standard Webhooks specification'),
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
  disabledReason: z.string().nullable().describe('Why deliveries were ended, where it was not you'),
  failingSince: z.iso.datetime().nullable().describe('Since when no delivery got through'),
  formerSecretUntil: z.iso.datetime().nullable().describe('Until then the secret before signs as well'),
  createdAt: z.iso.datetime(),
})

export const webhookWithSecretSchema = webhookSchema.extend({
  secret: z.string().describe('whsec_…, shown this once'),
})

export const webhookAttemptSchema = z.object({
  at: z.iso.datetime(),
  status: z.number().int().nullable().describe('HTTP status, where there was an answer'),
  latencyMs: z.number().int(),
  error: z.string().nullable(),
  responseHead: z.string().nullable().describe('The beginning of the answer'),
})

export const webhookDeliverySchema = z.object({
  id: z.uuid().describe('The webhook-id, the same in every attempt'),
  type: z.string(),
  state: z.enum(['waiting', 'delivered', 'failed', 'skipped']),
  attempts: z.number().int().describe('Since it was last put in line'),
  nextAttemptAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  body: z.string(),
  log: z.array(webhookAttemptSchema).describe('Newest first, 12 at most'),
})

export type WebhookDto = z.infer<typeof webhookSchema>
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>
export type WebhookDeliveryDto = z.infer<typeof webhookDeliverySchema>
