import { AsyncLocalStorage } from 'node:async_hooks'
import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError } from 'better-auth/api'
import { processSingleton } from '../concurrency/process-singleton'
import { config } from '../config/config'
import { db } from '../database/db'
import { auditPlugin, recordPasswordReset } from './audit-plugin'
import { queuePasswordResetMail, queueVerificationMail } from './account-mails'
import { authSecret } from './auth-secret'

/** Inside `newAccountRole.run(role, …)` accounts are created with that role, regardless of SIGN_UP. */
export const newAccountRole = new AsyncLocalStorage<'admin' | 'member'>()

function createAuth() {
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
    onAPIError: { throw: true },
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
      onPasswordReset: ({ user }, request) => recordPasswordReset(user, request?.headers),
    },
    emailVerification: {
      sendVerificationEmail: queueVerificationMail,
      sendOnSignUp: true,
      sendOnSignIn: true,
      autoSignInAfterVerification: true,
      expiresIn: 24 * 60 * 60,
    },
    session: { expiresIn: 60 * 60 * 24 * 30 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      // Per client address, which a whole office may share.
      customRules: { '/sign-in/email': { window: 60, max: 30 } },
    },
    user: {
      additionalFields: {
        role: { type: 'string', input: false, defaultValue: 'member' },
        isFounder: { type: 'boolean', input: false, required: false, returned: false },
      },
    },
    databaseHooks: {
      user: { create: { before: assignRole } },
      session: { create: { before: refuseDisabledUser } },
    },
    plugins: [
      apiKey({ rateLimit: { enabled: false }, defaultPrefix: 'mw_' }),
      // Last: it records what the others decided.
      auditPlugin,
    ],
  })
}

/**
 * Makes the first account an administrator.
 * @throws {APIError} if SIGN_UP is closed and no administrator creates the account
 */
async function assignRole<User extends object>(user: User) {
  const role = newAccountRole.getStore()
  // Accounts that an administrator creates need no verification.
  if (role) return { data: { ...user, role, emailVerified: true } }
  // Of concurrent requests, the unique constraint on `isFounder` rejects all but one. Verification may be impossible
  // before SMTP is set up.
  if (await needsSetup()) return { data: { ...user, role: 'admin', isFounder: true, emailVerified: true } }
  if (config().SIGN_UP === 'open') return { data: { ...user, role: 'member' } }
  throw new APIError('FORBIDDEN', {
    message: 'Sign-up is closed. Ask your administrator for an account.',
  })
}

/**
 * Runs for every way to sign in, once it has succeeded.
 * @throws {APIError} if an administrator has disabled the account
 */
async function refuseDisabledUser({ userId }: { userId: string }) {
  const user = await db().user.findUnique({ where: { id: userId }, select: { disabledAt: true } })
  if (!user?.disabledAt) return
  throw new APIError('FORBIDDEN', {
    code: 'ACCOUNT_DISABLED',
    message: 'This account is disabled. Ask your administrator.',
  })
}

/** True until the first account, the administrator's, exists. */
export const needsSetup = async () => (await db().user.count()) === 0

const instance = processSingleton<ReturnType<typeof createAuth>>('better-auth')

/** The better-auth instance of this process. */
export const auth = () => (instance.current ??= createAuth())
