import * as messages from '@/lib/generated/messages/account-errors'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { processSingleton } from '../concurrency/process-singleton'
import { config } from '../config/config'
import { db } from '../database/db'
import { isLocale } from '../i18n/locale'
import { LOCAL_REQUEST_HEADER } from '../http/local-request-header'
import { clearAttempts, takeAttempt } from './attempt-limit'
import { clientAddress } from './client-address'
import { sanitizeName } from './display-name'
import { findBrowserLocale } from './language'
import { assertOidcSignUp, isOidcSignUp } from './oidc'
import { needsSetup } from './needs-setup'
import { isSetupCode } from './setup-code'

/** Shared by all copies of this module: any of them may have created the better-auth instance, which calls its own. */
const accountRole = processSingleton<AsyncLocalStorage<'admin' | 'member'>>('new account role')

/** Inside `newAccountRole().run(role, …)` accounts are created with that role, regardless of SIGN_UP. */
export const newAccountRole = () => (accountRole.current ??= new AsyncLocalStorage())

interface AuthRequest {
  path?: string
  headers?: Headers
  body?: unknown
}

/**
 * Refuses sign-ups that the policy does not allow before anything about the address is looked up: the answer must not
 * reveal whether it has an account.
 */
export const signUpPolicy = {
  id: 'meanwhile-sign-up-policy',
  hooks: {
    before: [
      {
        matcher: ({ path }) => path === '/sign-up/email' && !newAccountRole().getStore(),
        handler: createAuthMiddleware(async (ctx) => {
          if (!(await needsSetup())) {
            if (config().SIGN_UP === 'closed') throw signUpClosed()
            return
          }
          if (isLocal(ctx)) return
          const key = `setup-code/${clientAddress(ctx.headers)}`
          await takeAttempt(db(), { key, freeAttempts: 5, maxDelayMs: 60_000 })
          if (!hasSetupCode(ctx)) throw setupCodeRequired()
          await clearAttempts(db(), key)
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin

/**
 * Makes the first account an administrator, and gives each the language of its browser, in which the verification is mailed.
 * Applies to every way in which accounts are created.
 * @throws {APIError} if the setup code is missing, or if SIGN_UP is closed and no administrator creates the account,
 *   or as `assertOidcSignUp`
 */
export async function assignRole<User extends { name: string; emailVerified?: boolean; locale?: unknown }>(
  created: User,
  ctx: AuthRequest | null,
) {
  const role = newAccountRole().getStore()
  const locale = isLocale(created.locale) ? created.locale : findBrowserLocale(ctx?.headers)
  const user = { ...created, name: sanitizeName(created.name), ...(locale && { locale }) }
  // Accounts that an administrator creates need no verification.
  if (role) return { data: { ...user, role, emailVerified: true } }
  if (isOidcSignUp(ctx)) {
    assertOidcSignUp({ user: created, isSetUp: !(await needsSetup()) })
    return { data: { ...user, role: 'member' } }
  }
  if (await needsSetup()) {
    if (!ctx || !(isLocal(ctx) || hasSetupCode(ctx))) throw setupCodeRequired()
    // Of concurrent requests, the unique constraint on `isFounder` rejects all but one. Verification may be impossible
    // before SMTP is set up.
    return { data: { ...user, role: 'admin', isFounder: true, emailVerified: true } }
  }
  if (config().SIGN_UP === 'open') return { data: { ...user, role: 'member' } }
  throw signUpClosed()
}

const isLocal = ({ headers }: AuthRequest) => headers?.get(LOCAL_REQUEST_HEADER) === '1'

function hasSetupCode({ body }: AuthRequest) {
  const { setupCode } = (body ?? {}) as { setupCode?: unknown }
  return typeof setupCode === 'string' && isSetupCode(setupCode)
}

const setupCodeRequired = () =>
  new APIError('FORBIDDEN', {
    code: 'SETUP_CODE_REQUIRED',
    message: messages.setupCodeRequired(),
  })

const signUpClosed = () =>
  new APIError('FORBIDDEN', {
    code: 'SIGN_UP_CLOSED',
    message: messages.signUpClosed(),
  })
