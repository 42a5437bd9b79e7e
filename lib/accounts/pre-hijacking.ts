import { createHash, randomBytes } from 'node:crypto'
import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import { verifyJWT } from 'better-auth/crypto'
import { z } from 'zod'
import { DAY_MS } from '../durations'
import { db } from '../database/db'
import { sanitizeName } from './display-name'
import type { HookContext } from './hook-context'

const SIGN_UP_COOKIE = 'sign_up'
const RESET_TOKEN_TTL_MS = 60 * 60 * 1000

/**
 * Protects the owner of an address from an account that another person created with it. Only the browser that signed up
 * keeps its password when the address is verified; any other browser that opens the link chooses a new one, and the
 * sessions from before end.
 */
export const preHijackingGuard = {
  id: 'meanwhile-pre-hijacking',
  hooks: {
    before: [
      {
        matcher: ({ path }) => path === '/sign-up/email' || path === '/update-user',
        handler: createAuthMiddleware(async ({ body }) => {
          const { name } = (body ?? {}) as { name?: unknown }
          return typeof name === 'string' ? { context: { body: { name: sanitizeName(name) } } } : undefined
        }),
      },
      {
        matcher: ({ path }) => path === '/verify-email',
        handler: createAuthMiddleware(discardUnprovenPassword),
      },
    ],
    after: [
      {
        matcher: ({ path, request }) => path === '/sign-up/email' && request !== undefined,
        handler: createAuthMiddleware(rememberBrowser),
      },
    ],
  },
} satisfies BetterAuthPlugin

const createdSchema = z.object({ user: z.object({ id: z.string() }) })

/** Also for an address that has an account: then the ID is invented, and the answer must not differ. */
async function rememberBrowser(ctx: HookContext) {
  const created = createdSchema.safeParse(ctx.context.returned)
  if (isAPIError(ctx.context.returned) || !created.success) return
  const nonce = randomBytes(24).toString('base64url')
  const expiresAt = new Date(Date.now() + DAY_MS)
  const identifier = browserIdentifier(nonce)
  await ctx.context.internalAdapter.createVerificationValue({
    identifier,
    value: created.data.user.id,
    expiresAt,
  })
  const { name, attributes } = signUpCookie(ctx)
  ctx.setCookie(name, nonce, attributes)
}

async function discardUnprovenPassword(ctx: HookContext) {
  const { token } = (ctx.query ?? {}) as { token?: unknown }
  if (typeof token !== 'string') return
  const payload = await verifyJWT<{ email?: string; updateTo?: string }>(token, ctx.context.secret)
  // A change of the address is requested by its user.
  if (!payload?.email || payload.updateTo) return
  const user = await db().user.findUnique({ where: { email: payload.email.toLowerCase() } })
  if (!user || user.emailVerified || (await isBrowserOf(ctx, user.id))) return
  const resetToken = randomBytes(18).toString('base64url')
  await db().$transaction([
    db().session.deleteMany({ where: { userId: user.id } }),
    db().apikey.deleteMany({ where: { referenceId: user.id } }),
    db().account.deleteMany({ where: { userId: user.id } }),
    db().verification.deleteMany({ where: { value: user.id } }),
  ])
  await ctx.context.internalAdapter.createVerificationValue({
    identifier: `reset-password:${resetToken}`,
    value: user.id,
    expiresAt: new Date(Date.now() + RESET_TOKEN_TTL_MS),
  })
  return { context: { query: { callbackURL: `/reset-password?token=${resetToken}&verified=1` } } }
}

async function isBrowserOf(ctx: HookContext, userId: string) {
  const session = await getSessionFromCtx(ctx)
  if (session?.user.id === userId) return true
  const nonce = ctx.getCookie(signUpCookie(ctx).name)
  if (!nonce) return false
  const found = await ctx.context.internalAdapter.findVerificationValue(browserIdentifier(nonce))
  return found?.value === userId && found.expiresAt > new Date()
}

const browserIdentifier = (nonce: string) =>
  `sign-up-browser:${createHash('sha256').update(nonce).digest('base64url')}`

const signUpCookie = (ctx: HookContext) =>
  ctx.context.createAuthCookie(SIGN_UP_COOKIE, { maxAge: DAY_MS / 1000 })
