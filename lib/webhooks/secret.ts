import { randomBytes } from 'node:crypto'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { authSecret } from '../accounts/auth-secret'

/** Generates a signing secret in the format of the Standard Webhooks specification. */
export const generateWebhookSecret = () => `whsec_${randomBytes(32).toString('base64')}`

/** Encrypts a secret with AUTH_SECRET, for the database. */
export const encryptSecret = (secret: string) => symmetricEncrypt({ key: authSecret(), data: secret })

/** Decrypts a secret. @throws {Error} if AUTH_SECRET has changed since it was encrypted */
export const decryptSecret = (encrypted: string) => symmetricDecrypt({ key: authSecret(), data: encrypted })
