import { twoFactor } from 'better-auth/plugins/two-factor'
import { config } from '../config/config'

/** Codes of an authenticator app (TOTP, RFC 6238), with recovery codes. */
export const twoFactorPlugin = () => twoFactor({ issuer: 'Meanwhile' })

/** Whether REQUIRE_TWO_FACTOR demands a second factor of a user. */
export function isTwoFactorRequired({ role }: { role: string }) {
  const required = config().REQUIRE_TWO_FACTOR
  return required === 'all' || (required === 'admins' && role === 'admin')
}
