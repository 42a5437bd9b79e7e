import { createHash } from 'node:crypto'

/** The SHA-256 hash, in hex, by which a random token is stored. */
export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex')

/** The hash by which better-auth stores an API key. Its own function, of web cryptography, takes several times as long. */
export const hashApiKey = (key: string) => createHash('sha256').update(key).digest('base64url')
