import { AsyncLocalStorage } from 'node:async_hooks'
import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError } from 'better-auth/api'
import { config } from '../config/config'
import { db } from '../database/db'
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
    // Unexpected errors are answered with problem+json like everywhere else.
    onAPIError: { throw: true },
    database: prismaAdapter(db(), { provider: 'postgresql' }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      // Without SMTP, verification mails would not be delivered.
      requireEmailVerification: Boolean(config().SMTP_URL),
      sendResetPassword: queuePasswordResetMail,
      revokeSessionsOnPasswordReset: true,
      // The link in the mail proves access to the address.
      onPasswordReset: async ({ user }) =>
        void (await db().user.update({ where: { id: user.id }, data: { emailVerified: true } })),
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
    databaseHooks: { user: { create: { before: assignRole } } },
    plugins: [apiKey({ rateLimit: { enabled: false }, defaultPrefix: 'mw_' })],
  })
}

/** The first account is an administrator. Later ones are created by an administrator, or by sign-up if SIGN_UP is open. */
async function assignRole<User extends object>(user: User) {
  const role = newAccountRole.getStore()
  // Created by an administrator, so the address counts as verified.
  if (role) return { data: { ...user, role, emailVerified: true } }
  // Concurrent requests: the unique constraint on `isFounder` refuses the second. Without SMTP there may be no way to verify.
  if (await needsSetup()) return { data: { ...user, role: 'admin', isFounder: true, emailVerified: true } }
  if (config().SIGN_UP === 'open') return { data: { ...user, role: 'member' } }
  throw new APIError('FORBIDDEN', {
    message: 'Sign-up is closed. Ask your administrator for an account.',
  })
}

/** True until the first account, the administrator's, exists. */
export const needsSetup = async () => (await db().user.count()) === 0

const processGlobal = globalThis as typeof globalThis & { meanwhileAuth?: ReturnType<typeof createAuth> }

/** The better-auth instance of this process. */
export function auth() {
  processGlobal.meanwhileAuth ??= createAuth()
  return processGlobal.meanwhileAuth
}
