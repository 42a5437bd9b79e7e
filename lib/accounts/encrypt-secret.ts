import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { authSecret } from './auth-secret'

/** Encrypts a secret with AUTH_SECRET, for the database. */
export const encryptSecret = (secret: string) => symmetricEncrypt({ key: authSecret(), data: secret })

/** Decrypts a secret. @throws {Error} if AUTH_SECRET has changed since it was encrypted */
export const decryptSecret = (encrypted: string) => symmetricDecrypt({ key: authSecret(), data: encrypted })
