import { createHash } from 'node:crypto'

/** The SHA-256 hash, in hex, by which a random token is stored. */
export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex')
