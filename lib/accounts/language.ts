import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import { z } from 'zod'
import { config } from '../config/config'
import { db } from '../database/db'
import { getLocale, isLocale, type Locale, LOCALE_COOKIE, LOCALES } from '../i18n/locale'

/** The field `locale` of users: the language of their pages, mails and notifications. */
export const localeField = {
  type: 'string',
  required: false,
  validator: { input: z.enum(LOCALES) },
} as const

const YEAR_SECONDS = 365 * 24 * 60 * 60
const cookieAttributes = () =>
  ({
    path: '/',
    maxAge: YEAR_SECONDS,
    httpOnly: true,
    sameSite: 'lax',
    secure: config().publicUrl.startsWith('https:'),
  }) as const

/** The header that sets the cookie of `findRequestLocale`. */
export function formatLocaleCookie(locale: Locale) {
  const { path, maxAge, secure } = cookieAttributes()
  return `${LOCALE_COOKIE}=${locale}; Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}

/** Of a request. Undefined for scripts, whose requests have no language or any, and for calls of the app itself. */
export const findBrowserLocale = (headers: Headers | undefined): Locale | undefined =>
  ['', '*'].includes(headers?.get('accept-language')?.trim() ?? '') ? undefined : getLocale()

/**
 * Sets the cookie of `findRequestLocale` when a user signs in or chooses a language. A user without one gets that of the
 * browser.
 */
export const languagePlugin = {
  id: 'meanwhile-language',
  hooks: {
    after: [
      {
        matcher: () => true,
        handler: createAuthMiddleware(async (ctx) => {
          const user = ctx.context.newSession?.user as { id: string; locale?: string | null } | undefined
          if (!user || isAPIError(ctx.context.returned)) return
          const locale = isLocale(user.locale) ? user.locale : findBrowserLocale(ctx.headers)
          if (!locale) return
          if (locale !== user.locale) await db().user.update({ where: { id: user.id }, data: { locale } })
          ctx.setCookie(LOCALE_COOKIE, locale, cookieAttributes())
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin
