import { processSingleton } from '@/lib/concurrency/process-singleton'

/** The languages of the interface, as BCP 47 tags. Each has a folder in messages/ (decision 0115). */
export const LOCALES = ['en', 'de'] as const

export type Locale = (typeof LOCALES)[number]

export const DEFAULT_LOCALE: Locale = 'en'

/** The languages' own names. */
export const LOCALE_NAMES: Record<Locale, string> = { en: 'English', de: 'Deutsch' }

/** Holds the language that a user has chosen, which applies regardless of Accept-Language. */
export const LOCALE_COOKIE = 'locale'

export const isLocale = (value: unknown): value is Locale => LOCALES.includes(value as Locale)

/** The locale of a user's row, English before the first choice. */
export const toLocale = (value: string | null | undefined): Locale =>
  isLocale(value) ? value : DEFAULT_LOCALE

/** Holds the locale of the current request or task; `runWithLocale` sets it. Shared by the bundles of Next.js. */
const scope = processSingleton<{ getStore: () => Locale | undefined }>('locale')

/** The locale of the page in browsers; of the current request or task on servers, English outside of them. */
export function getLocale(): Locale {
  if (typeof window === 'undefined') return scope.current?.getStore() ?? DEFAULT_LOCALE
  const { lang } = document.documentElement
  return isLocale(lang) ? lang : DEFAULT_LOCALE
}

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur'])

/** The value of the attribute `dir`. */
export const getTextDirection = (locale: string) => (RIGHT_TO_LEFT.has(locale.slice(0, 2)) ? 'rtl' : 'ltr')
