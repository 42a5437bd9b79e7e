import * as messages from '@/lib/generated/messages/webhook-errors'
import { config } from '../config/config'
import { AppError } from '../errors'
import { type OutboundPolicy, parseOutboundUrl } from '../http/outbound-url'

/** Where webhooks may be sent: public addresses, and networks in WEBHOOK_ALLOW_PRIVATE. */
export const webhookPolicy = (own?: readonly string[]): OutboundPolicy => ({
  allowed: config().WEBHOOK_ALLOW_PRIVATE,
  own,
  refuse: addressRefusedError,
})

/** Parses and validates the URL of a webhook, as `parseOutboundUrl`. @throws {AppError} webhook.address_refused */
export const parseWebhookUrl = (text: string, policy = webhookPolicy()) => parseOutboundUrl(text, policy)

const addressRefusedError = (reason: string) =>
  new AppError({
    code: 'webhook.address_refused',
    message: messages.addressRefused({ reason }),
    status: 422,
  })
