import { randomBytes } from 'node:crypto'

/** Generates a signing secret in the format of the Standard Webhooks specification. */
export const generateWebhookSecret = () => `whsec_${randomBytes(32).toString('base64')}`
