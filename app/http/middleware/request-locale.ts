import type { IncomingMessage } from 'node:http'
import Negotiator from 'negotiator'
import { DEFAULT_LOCALE, isLocale, LOCALES, type Locale } from '@/lib/i18n/locale'

/** The locale of the response: that of the cookie, otherwise the first accepted language that exists, or English. */
export function findRequestLocale({ headers }: Pick<IncomingMessage, 'headers'>): Locale {
  const chosen = headers.cookie?.match(/(?:^|;\s*)locale=([a-z]+)/)?.[1]
  if (isLocale(chosen)) return chosen
  const accepted = new Negotiator({ headers }).language([...LOCALES])
  return isLocale(accepted) ? accepted : DEFAULT_LOCALE
}
