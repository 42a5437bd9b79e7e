import { randomBytes } from 'node:crypto'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { authSecret } from '../accounts/auth-secret'

/** A new signing secret, in the form of the Standard Webhooks specification. */
export const generateWebhookSecret = () => `whsec_${randomBytes(32).toString('base64')}`

/** For the database: encrypted with AUTH_SECRET. */
export const encryptSecret = (secret: string) => symmetricEncrypt({ key: authSecret(), data: secret })

/** @throws when AUTH_SECRET is another one than it was. */
export const decryptSecret = (sealed: string) => symmetricDecrypt({ key: authSecret(), data: sealed })
