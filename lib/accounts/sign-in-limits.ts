import { createHash, createHmac, randomUUID } from 'node:crypto'
import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import { db } from '../database/db'
import { queueSecurityMail } from './account-mails'
import { clearAttempts, takeAttempt, undoAttempt } from './attempt-limit'
import { authSecret } from './auth-secret'
import { clientAddress } from './client-address'
import { OIDC_CALLBACK_PATH } from './oidc'
import { isEqualTimingSafe } from './timing-safe-equal'
import type { HookContext } from './hook-context'

const DEVICE_COOKIE = 'device'
const NOTIFIED_PATHS = [
  '/sign-in/email',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/passkey/verify-authentication',
  OIDC_CALLBACK_PATH,
]
const YEAR_SECONDS = 365 * 24 * 60 * 60
const ADDRESS_LIMIT = { freeAttempts: 20, maxDelayMs: 60_000 }
const ACCOUNT_LIMIT = { freeAttempts: 5, maxDelayMs: 15 * 60_000 }

/**
 * Slows down guessing of passwords, by client address and by account. An account that others try to sign in to stays
 * open to its owner: browsers that signed in before have a counter of their own (OWASP's device cookies).
 */
export const signInLimits = {
  id: 'meanwhile-sign-in-limits',
  hooks: {
    before: [{ matcher: isPasswordSignIn, handler: createAuthMiddleware(takeAttempts) }],
    after: [
      { matcher: isPasswordSignIn, handler: createAuthMiddleware(settleAttempts) },
      {
        // After any sign-in, so also with a passkey, a second factor or a link in a mail.
        matcher: ({ context }) => Boolean(context.newSession),
        handler: createAuthMiddleware(rememberDevice),
      },
    ],
  },
} satisfies BetterAuthPlugin

/** Without an address the body is invalid. */
function isPasswordSignIn(ctx: { path?: string; request?: Request; body?: unknown }) {
  return ctx.path === '/sign-in/email' && ctx.request !== undefined && readEmail(ctx) !== ''
}

async function takeAttempts(ctx: HookContext) {
  const { address, account } = attemptKeys(ctx)
  await takeAttempt(db(), { key: address, ...ADDRESS_LIMIT })
  await takeAttempt(db(), { key: account, ...ACCOUNT_LIMIT })
}

async function settleAttempts(ctx: HookContext) {
  // The password was right, also while a second factor or the verification of the address is missing.
  const { returned } = ctx.context
  if (isAPIError(returned) && returned.body?.code !== 'EMAIL_NOT_VERIFIED') return
  const { address, account } = attemptKeys(ctx)
  // Not cleared: signing in to an own account must not allow further guesses at others.
  await undoAttempt(db(), address)
  await clearAttempts(db(), account)
}

function attemptKeys(ctx: HookContext) {
  const email = readEmail(ctx)
  const device = readDevice(ctx)
  return {
    address: `sign-in/address/${clientAddress(ctx.headers)}`,
    account:
      device?.email === hashEmail(email)
        ? `sign-in/device/${device.id}`
        : `sign-in/account/${hashEmail(email)}`,
  }
}

async function rememberDevice(ctx: HookContext) {
  const { email } = ctx.context.newSession!.user
  const known = readDevice(ctx)
  if (known?.email === hashEmail(email)) return
  const value = `${hashEmail(email)}.${randomUUID()}`
  const cookie = deviceCookie(ctx)
  ctx.setCookie(cookie.name, `${value}.${signDevice(value)}`, cookie.attributes)
  if (NOTIFIED_PATHS.includes(ctx.path ?? '')) await notifyOfSignIn(ctx)
}

/** Not of the first sign-in: there is no other user of the account to warn. */
async function notifyOfSignIn({ context, headers }: HookContext) {
  const userId = context.newSession!.user.id
  const earlier = await db().auditEntry.findFirst({
    where: { actorId: userId, action: 'account.signed_in' },
    select: { id: true },
  })
  if (earlier) await queueSecurityMail({ userId, event: 'signed_in', headers })
}

/** The account that this browser last signed in to, if the cookie is genuine. */
function readDevice(ctx: HookContext) {
  const value = ctx.getCookie(deviceCookie(ctx).name)
  const [, email, id, signature] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(value ?? '') ?? []
  if (!email || !id || !signature || !isEqualTimingSafe(signature, signDevice(`${email}.${id}`))) return null
  return { email, id }
}

const deviceCookie = (ctx: HookContext) =>
  ctx.context.createAuthCookie(DEVICE_COOKIE, { maxAge: YEAR_SECONDS })

const signDevice = (value: string) =>
  createHmac('sha256', authSecret()).update(`device ${value}`).digest('base64url')

const hashEmail = (email: string) =>
  createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22)

function readEmail({ body }: { body?: unknown }) {
  const { email } = (body ?? {}) as { email?: unknown }
  return typeof email === 'string' ? email : ''
}

/** Opens an account again that was slowed down by failed sign-ins. */
export const clearSignInAttempts = (email: string) =>
  clearAttempts(db(), `sign-in/account/${hashEmail(email)}`)
