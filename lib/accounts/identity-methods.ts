import type { Db } from '../database/db'
import { OIDC_PROVIDER_ID, readOidcSettings } from './oidc'

/** How a user can prove the identity again. */
export interface IdentityMethods {
  hasPassword: boolean
  hasAuthenticator: boolean
  hasPasskey: boolean
  /** The provider of single sign-on that the account is linked to. */
  provider: { id: string; name: string } | null
}

/** Reads how a user can prove the identity again. @throws {Error} if there is no such user */
export async function readIdentityMethods(db: Db, userId: string): Promise<IdentityMethods> {
  const [user, isPasswordSet] = await Promise.all([
    db.user.findUniqueOrThrow({
      where: { id: userId },
      select: {
        twoFactorEnabled: true,
        accounts: { where: { providerId: OIDC_PROVIDER_ID }, select: { id: true } },
        _count: { select: { passkeys: true } },
      },
    }),
    hasPassword(db, userId),
  ])
  const oidc = user.accounts.length > 0 ? readOidcSettings() : null
  return {
    hasPassword: isPasswordSet,
    hasAuthenticator: user.twoFactorEnabled,
    hasPasskey: user._count.passkeys > 0,
    provider: oidc && { id: OIDC_PROVIDER_ID, name: oidc.name },
  }
}

/** Whether a user signs in with a password, rather than with single sign-on alone. */
export const hasPassword = async (db: Db, userId: string) =>
  (await db.account.count({ where: { userId, password: { not: null } } })) > 0
