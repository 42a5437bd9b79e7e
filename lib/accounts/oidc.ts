import { getCurrentAuthEndpointContext } from '@better-auth/core/context'
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { config } from '../config/config'
import { db } from '../database/db'
import { synchronizeRole } from '../users/synchronize-role'

export const OIDC_PROVIDER_ID = 'oidc'
export const OIDC_CALLBACK_PATH = '/callback/:id'

/** The configured OpenID Connect provider; null without one. */
export function readOidcSettings() {
  const settings = config()
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = settings
  if (!issuer || !clientId) return null
  return {
    discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId,
    clientSecret: settings.OIDC_CLIENT_SECRET,
    name: settings.OIDC_NAME,
    scopes: settings.OIDC_SCOPES,
    adminGroup: settings.OIDC_ADMIN_GROUP,
    isSignUpOpen: (settings.OIDC_SIGN_UP ?? settings.SIGN_UP) === 'open',
  }
}

type OidcSettings = NonNullable<ReturnType<typeof readOidcSettings>>

/** Whether an administrator signs in, by the context of the request. */
const administratorSignIns = new WeakMap<object, boolean>()

/**
 * Sign-in with the configured provider, by authorization code with PKCE, state and nonce. better-auth links a provider
 * account to an existing user only if both sides have verified the address. Reads the discovery document when it is
 * initialized.
 */
export function createOidcPlugins(settings: OidcSettings): BetterAuthPlugin[] {
  const { adminGroup } = settings
  return [
    genericOAuth({
      config: [
        {
          providerId: OIDC_PROVIDER_ID,
          name: settings.name,
          discoveryUrl: settings.discoveryUrl,
          requireIdTokenVerification: true,
          clientId: settings.clientId,
          clientSecret: settings.clientSecret,
          scopes: settings.scopes,
          disableProviderLogout: true,
          mapProfileToUser(profile) {
            const groups = [profile.groups].flat()
            if (adminGroup)
              administratorSignIns.set(getCurrentAuthEndpointContext().context, groups.includes(adminGroup))
            return { name: profile.name || String(profile.email ?? '').split('@')[0] }
          },
        },
      ],
    }),
    roleSynchronization,
  ]
}

/** With OIDC_ADMIN_GROUP, the provider decides at every sign-in who is an administrator. */
const roleSynchronization = {
  id: 'meanwhile-oidc-roles',
  hooks: {
    after: [
      {
        matcher: ({ path }) => path === OIDC_CALLBACK_PATH,
        handler: createAuthMiddleware(async ({ context }) => {
          const isAdmin = administratorSignIns.get(context)
          if (isAdmin === undefined || !context.newSession) return
          await synchronizeRole(db(), { userId: context.newSession.user.id, isAdmin })
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin

/** Whether a user is created by the callback of the provider. */
export const isOidcSignUp = (context: { path?: string } | null | undefined) =>
  context?.path === OIDC_CALLBACK_PATH

/**
 * Checks that the provider may create this account. The first account, the administrator's, is never created by it.
 * @throws {APIError} setup_required, signup_disabled, email_not_verified; better-auth adds the code to the redirect
 */
export function assertOidcSignUp({ user, isSetUp }: { user: { emailVerified?: boolean }; isSetUp: boolean }) {
  if (!isSetUp) throw signUpError('setup_required', 'Create the administrator account first.')
  if (!readOidcSettings()?.isSignUpOpen) throw signUpError('signup_disabled', 'Sign-up is closed.')
  // An unverified address may belong to another user, who would find the account already taken.
  if (!user.emailVerified) throw signUpError('email_not_verified', 'The address is not verified.')
}

const signUpError = (code: string, message: string) => new APIError('FORBIDDEN', { code, message })
