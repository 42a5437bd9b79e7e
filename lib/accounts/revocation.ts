import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import { db } from '../database/db'
import { recordPasswordReset } from './audit-plugin'
import { queueSecurityMail } from './account-mails'
import { clearSignInAttempts } from './sign-in-limits'

/** Requests whose user asks to revoke the API keys too, by `revokeApiKeys: true` in the body. */
const keyRevocations = new WeakSet<Request>()

const PATHS = ['/change-password', '/reset-password']

/**
 * A changed password ends all other sessions, and with them their sockets, streams, consoles and port pages, which check
 * their session every 5 s.
 */
export const revocation = {
  id: 'meanwhile-revocation',
  hooks: {
    before: [
      {
        matcher: ({ path, request }) => PATHS.includes(path ?? '') && request !== undefined,
        handler: createAuthMiddleware(async ({ body, path, request }) => {
          const { revokeApiKeys } = (body ?? {}) as { revokeApiKeys?: unknown }
          if (revokeApiKeys === true) keyRevocations.add(request!)
          return path === '/change-password'
            ? { context: { body: { revokeOtherSessions: true } } }
            : undefined
        }),
      },
    ],
    after: [
      {
        matcher: ({ path }) => path === '/change-password',
        handler: createAuthMiddleware(async ({ context, request }) => {
          if (isAPIError(context.returned) || !context.session) return
          const { user } = context.session
          await revokeCredentials(user.id, request)
          await queueSecurityMail({ userId: user.id, event: 'password_changed', headers: request?.headers })
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin

/** Called by better-auth with the new password stored; it deletes the sessions itself. */
export async function afterPasswordReset(
  { user }: { user: { id: string; email: string } },
  request?: Request,
) {
  await recordPasswordReset(user, request?.headers)
  await revokeCredentials(user.id, request)
  await clearSignInAttempts(user.email)
  await queueSecurityMail({ userId: user.id, event: 'password_reset', headers: request?.headers })
}

/** Revokes reset links that are still open, browsers that skip the second factor, and keys where asked. */
async function revokeCredentials(userId: string, request?: Request) {
  await db().verification.deleteMany({ where: { value: userId } })
  if (request && keyRevocations.has(request)) await db().apikey.deleteMany({ where: { referenceId: userId } })
}
