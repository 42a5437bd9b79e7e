import { AsyncLocalStorage } from 'node:async_hooks'
import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError } from 'better-auth/api'
import { config } from '../config/config'
import { db } from '../database/db'
import { queuePasswordResetMail, queueVerificationMail } from './account-mails'
import { authSecret } from './auth-secret'

/** Inside `asAdministrator.run('admin' | 'member', …)` accounts may be made whatever SIGN_UP says, with that role. */
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
    // What is no answer of its own is told as everywhere else here.
    onAPIError: { throw: true },
    database: prismaAdapter(db(), { provider: 'postgresql' }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      // Where mail does not leave this server nobody could confirm anything.
      requireEmailVerification: Boolean(config().SMTP_URL),
      sendResetPassword: queuePasswordResetMail,
      revokeSessionsOnPasswordReset: true,
      // Whoever opened the link has read the mail.
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
      // Per address; a whole office may sign in from one in the morning.
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

/** The first account is the administrator's. Later ones are made by an administrator, or by anyone while SIGN_UP is open. */
async function assignRole<User extends object>(user: User) {
  const given = newAccountRole.getStore()
  // Their address is vouched for by whoever makes the account, and the first administrator has to get in.
  if (given) return { data: { ...user, role: given, emailVerified: true } }
  // Of two who come at once, the database refuses the second.
  if (await needsSetup()) return { data: { ...user, role: 'admin', isFounder: true, emailVerified: true } }
  if (config().SIGN_UP === 'open') return { data: { ...user, role: 'member' } }
  throw new APIError('FORBIDDEN', {
    message: 'Ask the administrator for an account: sign-up is closed here.',
  })
}

/** True until the administrator has an account. */
export const needsSetup = async () => (await db().user.count()) === 0

const processGlobal = globalThis as typeof globalThis & { meanwhileAuth?: ReturnType<typeof createAuth> }

/** better-auth of this process. */
export function auth() {
  processGlobal.meanwhileAuth ??= createAuth()
  return processGlobal.meanwhileAuth
}
