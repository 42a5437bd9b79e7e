import { createHmac } from 'node:crypto'
import { authSecret } from './auth-secret'
import { isEqualTimingSafe } from './timing-safe-equal'

/** Without letters and digits that look alike. 32 characters, 5 bits each. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const LENGTH = 16

/**
 * The code that creates the first account, 80 bits such as `7K3M-…`. Derived from the auth secret, so that all processes
 * agree and nothing is stored. Useless once an account exists.
 */
export function setupCode() {
  const bytes = createHmac('sha256', authSecret()).update('setup code').digest()
  const characters = [...bytes.subarray(0, LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length])
  return characters.join('').replaceAll(/.{4}(?=.)/g, '$&-')
}

/** Compares in constant time, ignoring case, spaces and dashes. */
export const isSetupCode = (text: string) =>
  isEqualTimingSafe(normalizeCode(text), normalizeCode(setupCode()))

const normalizeCode = (text: string) => text.toUpperCase().replaceAll(/[\s-]/g, '')
