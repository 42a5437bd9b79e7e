import { createECDH, hkdfSync } from 'node:crypto'
import { authSecret } from '../accounts/auth-secret'

/** The order of the group of P-256 (FIPS 186-5). */
const GROUP_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
/** 128 bits more than the order, so that the remainder is uniform (FIPS 186-5, A.2.1). */
const SEED_BYTES = 48

/**
 * The key pair by which push services recognize this server (VAPID, RFC 8292), in base64url. Derived from the auth secret,
 * so that all processes agree and nothing else has to be kept: what changes the auth secret ends all sessions anyway, and
 * subscriptions end with their sessions.
 */
export function vapidKeys() {
  const seed = Buffer.from(hkdfSync('sha256', authSecret(), '', 'web push', SEED_BYTES))
  const scalar = (BigInt(`0x${seed.toString('hex')}`) % (GROUP_ORDER - 1n)) + 1n
  const privateKey = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex')
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(privateKey)
  return {
    publicKey: pair.getPublicKey().toString('base64url'),
    privateKey: privateKey.toString('base64url'),
  }
}
