import * as messages from '@/lib/generated/messages/security-facts'
import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { verifyJWT } from 'better-auth/crypto'
import { requestOrigin } from '../audit/actor'
import { recordAudit } from '../audit/commands'
import { db } from '../database/db'
import { queueSecurityMail } from './account-mails'
import type { HookContext } from './hook-context'

interface ChangeToken {
  email: string
  updateTo?: string
}

/**
 * Only the user who requested a new address may confirm it: better-auth would sign in anyone who opens the link, also the
 * recipient of a mistyped address. The old address is notified.
 */
export const changeEmailGuard = {
  id: 'meanwhile-change-email',
  hooks: {
    before: [
      {
        matcher: ({ path }) => path === '/verify-email',
        handler: createAuthMiddleware(async (ctx) => {
          const change = await readChange(ctx)
          if (!change) return
          const session = await getSessionFromCtx(ctx)
          if (session?.user.email !== change.email) throw ctx.redirect('/sign-in?change-email=1')
        }),
      },
    ],
    after: [
      {
        matcher: ({ path }) => path === '/verify-email',
        handler: createAuthMiddleware(async (ctx) => {
          const change = await readChange(ctx)
          const user = change && (await db().user.findUnique({ where: { email: change.updateTo } }))
          if (!user || user.id !== ctx.context.newSession?.user.id) return
          await recordAudit(db(), {
            action: 'account.email_changed',
            subject: { type: 'user', id: user.id },
            actor: { id: user.id, email: user.email, kind: 'session', ...requestOrigin(ctx.headers) },
            detail: { before: change.email, after: user.email },
          })
          await queueSecurityMail({
            userId: user.id,
            event: 'email_changed',
            headers: ctx.headers,
            recipient: change.email,
            facts: () => [[messages.newAddress(), user.email]],
          })
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin

async function readChange({ query, context }: HookContext) {
  const { token } = (query ?? {}) as { token?: unknown }
  if (typeof token !== 'string') return null
  const payload = await verifyJWT<ChangeToken>(token, context.secret)
  return payload?.updateTo ? { email: payload.email, updateTo: payload.updateTo } : null
}
