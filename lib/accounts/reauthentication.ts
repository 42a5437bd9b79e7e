import * as messages from '@/lib/generated/messages/account-errors'
import type { BetterAuthPlugin } from 'better-auth'
import {
  APIError,
  createAuthEndpoint,
  createAuthMiddleware,
  getSessionFromCtx,
  isAPIError,
  sessionMiddleware,
} from 'better-auth/api'
import { z } from 'zod'
import { db } from '../database/db'
import { AppError } from '../errors'
import { clearAttempts, takeAttempt } from './attempt-limit'
import { OIDC_CALLBACK_PATH } from './oidc'

const RECENT_MS = 10 * 60_000
const LIMIT = { freeAttempts: 5, maxDelayMs: 15 * 60_000 }

/** Endpoints that a stolen session must not reach. Those that require the password themselves are not listed. */
const SENSITIVE_PATHS = [
  '/change-email',
  '/passkey/generate-register-options',
  '/passkey/verify-registration',
  '/passkey/delete-passkey',
]

/** Adds `POST /api/auth/reauthenticate`; a code of an authenticator app, a passkey and single sign-on count as well. */
export const reauthentication = {
  id: 'meanwhile-reauthentication',
  endpoints: {
    reauthenticate: createAuthEndpoint(
      '/reauthenticate',
      { method: 'POST', body: z.object({ password: z.string().max(200) }), use: [sessionMiddleware] },
      async (ctx) => {
        const { user, session } = ctx.context.session
        const key = `reauthenticate/${user.id}`
        await takeAttempt(db(), { key, ...LIMIT })
        const account = await ctx.context.internalAdapter.findCredentialAccount(user.id)
        const isRight =
          account?.password &&
          (await ctx.context.password.verify({ hash: account.password, password: ctx.body.password }))
        if (!isRight)
          throw new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD', message: messages.wrongPassword() })
        await clearAttempts(db(), key)
        await recordAuthentication(session.id)
        return ctx.json({ status: true })
      },
    ),
  },
  hooks: {
    before: [
      {
        matcher: ({ path, request }) => SENSITIVE_PATHS.includes(path ?? '') && request !== undefined,
        handler: createAuthMiddleware(async (ctx) => {
          const session = await getSessionFromCtx(ctx)
          // The endpoint itself refuses a request without a session.
          if (!session) return
          const { reauthenticatedAt } = await db().session.findUniqueOrThrow({
            where: { id: session.session.id },
          })
          if (isRecent(reauthenticatedAt)) return
          throw new APIError('FORBIDDEN', {
            code: 'REAUTHENTICATION_REQUIRED',
            message: messages.confirmIdentity(),
          })
        }),
      },
    ],
    after: [
      {
        matcher: ({ path }) => path === '/two-factor/verify-totp',
        handler: createAuthMiddleware(async (ctx) => {
          if (isAPIError(ctx.context.returned)) return
          const session = ctx.context.newSession ? null : await getSessionFromCtx(ctx)
          if (session) await recordAuthentication(session.session.id)
        }),
      },
      {
        // A passkey and single sign-on start a session; the one from before is replaced.
        matcher: ({ path, context }) =>
          (path === '/passkey/verify-authentication' || path === OIDC_CALLBACK_PATH) &&
          Boolean(context.newSession),
        handler: createAuthMiddleware(async (ctx) => {
          const token = await ctx.getSignedCookie(
            ctx.context.authCookies.sessionToken.name,
            ctx.context.secret,
          )
          const { user, session } = ctx.context.newSession!
          if (token && token !== session.token)
            await db().session.deleteMany({ where: { token, userId: user.id } })
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin

const isRecent = (at: Date) => Date.now() - at.getTime() < RECENT_MS

const recordAuthentication = (id: string) =>
  db().session.updateMany({ where: { id }, data: { reauthenticatedAt: new Date() } })

/**
 * Refuses a sensitive change by a session whose user did not prove the identity within the last 10 minutes. API keys are
 * not asked.
 * @throws {AppError} account.reauthentication_required
 */
export function requireRecentAuthentication({ authenticatedAt }: { authenticatedAt: Date | null }) {
  if (!authenticatedAt || isRecent(authenticatedAt)) return
  throw new AppError({
    code: 'account.reauthentication_required',
    message: messages.confirmIdentity(),
    status: 403,
  })
}
