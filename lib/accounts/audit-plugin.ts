import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import type { AuditAction } from '../audit/actions'
import { requestOrigin } from '../audit/actor'
import { recordAudit } from '../audit/commands'
import { db } from '../database/db'
import type { HookContext } from './hook-context'
import { OIDC_CALLBACK_PATH } from './oidc'
import { isEnablingTwoFactor } from './two-factor'

/** The endpoints of better-auth and its plugins that are recorded, with their action. */
const ACTIONS: Record<string, AuditAction> = {
  '/sign-in/email': 'account.signed_in',
  '/sign-in/passkey': 'account.signed_in',
  '/passkey/verify-authentication': 'account.signed_in',
  '/two-factor/verify-totp': 'account.signed_in',
  '/two-factor/verify-backup-code': 'account.signed_in',
  [OIDC_CALLBACK_PATH]: 'account.signed_in',
  '/update-user': 'account.name_changed',
  '/change-email': 'account.email_change_requested',
  '/verify-email': 'account.email_verified',
  '/change-password': 'account.password_changed',
  '/reauthenticate': 'account.identity_confirmed',
  '/end-session': 'account.session_revoked',
  '/revoke-session': 'account.session_revoked',
  '/revoke-sessions': 'account.session_revoked',
  '/revoke-other-sessions': 'account.session_revoked',
  '/two-factor/disable': 'account.two_factor_disabled',
  '/two-factor/generate-backup-codes': 'account.two_factor_codes_renewed',
  '/passkey/verify-registration': 'account.passkey_added',
  '/passkey/delete-passkey': 'account.passkey_removed',
}
const SIGN_OUT_PATH = '/sign-out'
/** Their failures are recorded too. */
const ATTEMPTS: AuditAction[] = ['account.signed_in', 'account.identity_confirmed']

/** Records what users do with their accounts. Must be the last plugin, so that it sees the final outcome. */
export const auditPlugin = {
  id: 'meanwhile-audit',
  init: () => ({ options: { databaseHooks: { user: { create: { after: recordCreation } } } } }),
  hooks: {
    before: [
      {
        matcher: ({ path }) => path === SIGN_OUT_PATH,
        // Afterwards the session is gone.
        handler: createAuthMiddleware(async (ctx) => {
          const session = await getSessionFromCtx(ctx)
          if (session) await recordAction(ctx, { action: 'account.signed_out', user: session.user })
        }),
      },
    ],
    after: [
      {
        // Calls of the app itself come without a request and are recorded by their command.
        matcher: ({ path, request, body }) =>
          Boolean(request && path && path in ACTIONS) && !isLanguageChange(path, body),
        handler: createAuthMiddleware(recordOutcome),
      },
    ],
  },
} satisfies BetterAuthPlugin

const isLanguageChange = (path: string | undefined, body: unknown) =>
  path === '/update-user' && (body as { name?: unknown } | undefined)?.name === undefined

/** Verifies the address too: the link in the mail proves access to it. */
export async function recordPasswordReset(user: { id: string; email: string }, headers?: Headers) {
  await db().$transaction(async (tx) => {
    await tx.user.update({ where: { id: user.id }, data: { emailVerified: true } })
    await recordAudit(tx, {
      action: 'account.password_reset',
      subject: { type: 'user', id: user.id },
      actor: { id: user.id, email: user.email, kind: 'session', ...requestOrigin(headers) },
    })
  })
}

/** By sign-up, by an administrator, by an invitation or by single sign-on. */
const recordCreation = (user: { id: string; email: string }, ctx: { headers?: Headers } | null) =>
  recordAudit(db(), {
    action: 'account.created',
    subject: { type: 'user', id: user.id },
    detail: { email: user.email },
    ...(ctx?.headers && {
      actor: { id: user.id, email: user.email, kind: 'session', ...requestOrigin(ctx.headers) },
    }),
  })

async function recordOutcome(ctx: HookContext) {
  const action = (await isEnablingTwoFactor(ctx)) ? 'account.two_factor_enabled' : ACTIONS[ctx.path!]!
  const { returned, newSession, session } = ctx.context
  const isSignIn = action === 'account.signed_in'
  const isRedirect = isAPIError(returned) && returned.statusCode < 400
  const hasFailed = (isAPIError(returned) && !isRedirect) || (isSignIn && isRedirect && !newSession)
  const user = newSession?.user ?? session?.user
  if (!hasFailed) {
    // A sign-in that still requires a second factor.
    if (isSignIn && !newSession) return
    return recordAction(ctx, { action, user })
  }
  if (!ATTEMPTS.includes(action)) return
  const code = isAPIError(returned) ? returned.body?.code : undefined
  const email = (ctx.body as { email?: unknown } | undefined)?.email
  await recordAction(ctx, {
    action,
    user: action === 'account.identity_confirmed' ? user : undefined,
    outcome: 'failure',
    detail: {
      ...(typeof email === 'string' && { email: email.slice(0, 254) }),
      ...(code && { code }),
    },
  })
}

function recordAction(
  ctx: HookContext,
  {
    user,
    ...event
  }: Omit<Parameters<typeof recordAudit>[1], 'actor'> & { user?: { id: string; email: string } },
) {
  return recordAudit(db(), {
    ...event,
    subject: user && { type: 'user', id: user.id },
    actor: {
      id: user?.id ?? null,
      email: user?.email ?? null,
      kind: 'session',
      ...requestOrigin(ctx.headers),
    },
  })
}
