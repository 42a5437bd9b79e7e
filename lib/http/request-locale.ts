import type { IncomingMessage } from 'node:http'
import Negotiator from 'negotiator'
import { DEFAULT_LOCALE, isLocale, LOCALE_COOKIE, LOCALES, type Locale } from '../i18n/locale'

const CHOSEN_LOCALE = new RegExp(`(?:^|;\\s*)${LOCALE_COOKIE}=([a-z]+)`)

/** The locale of the response: that of the cookie, otherwise the first accepted language that exists, or English. */
export function findRequestLocale({ headers }: Pick<IncomingMessage, 'headers'>): Locale {
  const chosen = headers.cookie?.match(CHOSEN_LOCALE)?.[1]
  if (isLocale(chosen)) return chosen
  const accepted = new Negotiator({ headers }).language([...LOCALES])
  return isLocale(accepted) ? accepted : DEFAULT_LOCALE
}
