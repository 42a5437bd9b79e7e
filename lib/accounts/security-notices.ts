import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import type { SecurityEvent } from '../mail/security-events'
import { queueSecurityMail } from './account-mails'
import { isEnablingTwoFactor } from './two-factor'

const EVENTS: Record<string, SecurityEvent> = {
  '/two-factor/disable': 'two_factor_disabled',
  '/passkey/verify-registration': 'passkey_added',
  '/passkey/delete-passkey': 'passkey_removed',
}

/** Notifies users by mail of changes to their second factors and passkeys. */
export const securityNotices = {
  id: 'meanwhile-security-notices',
  hooks: {
    after: [
      {
        matcher: ({ path }) => path !== undefined && path in EVENTS,
        handler: createAuthMiddleware(async ({ path, headers, context }) => {
          const user = context.session?.user ?? context.newSession?.user
          if (isAPIError(context.returned) || !user) return
          await queueSecurityMail({ userId: user.id, event: EVENTS[path!]!, headers })
        }),
      },
      {
        matcher: ({ path }) => path === '/two-factor/verify-totp',
        handler: createAuthMiddleware(async (ctx) => {
          if (!(await isEnablingTwoFactor(ctx))) return
          const { id } = ctx.context.newSession!.user
          await queueSecurityMail({ userId: id, event: 'two_factor_enabled', headers: ctx.headers })
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin
