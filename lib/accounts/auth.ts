import { apiKey } from '@better-auth/api-key'
import { betterAuth, type BetterAuthPlugin } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { processSingleton } from '../concurrency/process-singleton'
import { config } from '../config/config'
import { db } from '../database/db'
import { accountSessions } from './account-sessions'
import { auditPlugin } from './audit-plugin'
import { queuePasswordResetMail, queueVerificationMail } from './account-mails'
import { authSecret } from './auth-secret'
import { changeEmailGuard } from './change-email'
import { mailExistingUser } from './existing-sign-up'
import { languagePlugin, localeField } from './language'
import { createOidcPlugins, readOidcSettings } from './oidc'
import { waitForOidcProvider } from './discover-oidc'
import { passkeyPlugin } from './passkeys'
import { preHijackingGuard } from './pre-hijacking'
import { rateLimitStorage } from './rate-limit-storage'
import { reauthentication } from './reauthentication'
import { afterPasswordReset, revocation } from './revocation'
import { securityNotices } from './security-notices'
import { signInLimits } from './sign-in-limits'
import { refuseDisabledUser } from './refuse-disabled-user'
import { assignRole, signUpPolicy } from './sign-up-policy'
import { twoFactorPlugin } from './two-factor'

function createAuth(signInPlugins: BetterAuthPlugin[] = []) {
  return betterAuth({
    baseURL: config().publicUrl,
    trustedOrigins: [
      config().publicUrl,
      `http://localhost:${config().PORT}`,
      `http://127.0.0.1:${config().PORT}`,
    ],
    secret: authSecret(),
    telemetry: { enabled: false },
    // Unexpected errors become problem+json, as in every other route.
    onAPIError: { throw: true, errorURL: '/sign-in' },
    account: { encryptOAuthTokens: true },
    // Replaced by /api/v1/keys, which knows scopes.
    disabledPaths: ['create', 'delete', 'get', 'list', 'update', 'verify'].map((name) => `/api-key/${name}`),
    database: prismaAdapter(db(), { provider: 'postgresql' }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      // Without SMTP, verification mails would not be delivered.
      requireEmailVerification: Boolean(config().SMTP_URL),
      sendResetPassword: queuePasswordResetMail,
      revokeSessionsOnPasswordReset: true,
      onPasswordReset: afterPasswordReset,
      onExistingUserSignUp: ({ user }) => mailExistingUser(user),
    },
    emailVerification: {
      sendVerificationEmail: queueVerificationMail,
      sendOnSignUp: true,
      sendOnSignIn: true,
      autoSignInAfterVerification: true,
      expiresIn: 24 * 60 * 60,
    },
    // Sensitive changes require a confirmation instead (reauthentication.ts).
    session: { expiresIn: 60 * 60 * 24 * 30, freshAge: 0 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customStorage: rateLimitStorage,
      // Per client address, which a whole office may share.
      customRules: {
        '/sign-in/email': { window: 60, max: 30 },
        '/sign-in/social': { window: 60, max: 30 },
        '/sign-up/email': { window: 60, max: 20 },
        '/request-password-reset': { window: 60, max: 10 },
        '/send-verification-email': { window: 60, max: 10 },
        '/two-factor/*': { window: 60, max: 20 },
        '/passkey/*': { window: 60, max: 30 },
        '/callback/*': { window: 60, max: 30 },
        // Every page reads it.
        '/get-session': false,
      },
    },
    user: {
      changeEmail: { enabled: true },
      additionalFields: {
        role: { type: 'string', input: false, defaultValue: 'member' },
        locale: localeField,
        isFounder: { type: 'boolean', input: false, required: false, returned: false },
      },
    },
    databaseHooks: {
      user: { create: { before: assignRole } },
      session: { create: { before: refuseDisabledUser } },
    },
    plugins: [
      signUpPolicy,
      // Before the plugins that look at the new session, which it withdraws until the second factor is given.
      twoFactorPlugin(),
      signInLimits,
      preHijackingGuard,
      revocation,
      passkeyPlugin(),
      reauthentication,
      accountSessions,
      changeEmailGuard,
      securityNotices,
      languagePlugin,
      apiKey({ rateLimit: { enabled: false }, defaultPrefix: 'mw_' }),
      ...signInPlugins,
      // Last: it records what the others decided.
      auditPlugin,
    ],
  })
}

const instance = processSingleton<ReturnType<typeof createAuth>>('better-auth')

/** The better-auth instance of this process. Single sign-on is added once its provider can be reached. */
export function auth() {
  if (!instance.current) {
    instance.current = createAuth()
    void addOidc()
  }
  return instance.current
}

/** An instance that waited for an unreachable provider would block all requests. */
async function addOidc() {
  const settings = readOidcSettings()
  if (!settings) return
  await waitForOidcProvider(settings.discoveryUrl)
  const withOidc = createAuth(createOidcPlugins(settings))
  await withOidc.$context
  instance.current = withOidc
}
