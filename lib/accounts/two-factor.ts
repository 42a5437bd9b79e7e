import { twoFactor } from 'better-auth/plugins/two-factor'
import { config } from '../config/config'
import type { Prisma } from '../generated/prisma/client'
import type { HookContext } from './hook-context'

/** Codes of an authenticator app (TOTP, RFC 6238), with recovery codes. */
export const twoFactorPlugin = () => twoFactor({ issuer: 'Meanwhile' })

/**
 * After `/two-factor/verify-totp`: whether the code turned the second factor on, which replaces the session of the request,
 * rather than completed a sign-in or confirmed the identity.
 */
export async function isEnablingTwoFactor(ctx: HookContext) {
  if (ctx.path !== '/two-factor/verify-totp' || !ctx.context.newSession) return false
  return Boolean(await ctx.getSignedCookie(ctx.context.authCookies.sessionToken.name, ctx.context.secret))
}

/** Includes the sign-in with a password, if the user has one. */
export const includePassword = {
  accounts: { where: { password: { not: null } }, select: { id: true } },
} satisfies Prisma.UserInclude

/**
 * Whether REQUIRE_TWO_FACTOR demands a second factor of a user. Not of one without a password, who signs in with single
 * sign-on alone: there it is up to the provider.
 */
export function isTwoFactorRequired({ role, accounts }: { role: string; accounts: readonly object[] }) {
  const required = config().REQUIRE_TWO_FACTOR
  return accounts.length > 0 && (required === 'all' || (required === 'admins' && role === 'admin'))
}
