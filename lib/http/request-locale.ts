import type { IncomingMessage } from 'node:http'
import Negotiator from 'negotiator'
import { DEFAULT_LOCALE, isLocale, LOCALE_COOKIE, LOCALES, type Locale } from '../i18n/locale'

const CHOSEN_LOCALE = new RegExp(`(?:^|;\\s*)${LOCALE_COOKIE}=([a-z]+)`)

/** Thousands of languages would take longer to compare than many a response. */
const MAX_ACCEPT_LENGTH = 500

/** The locale of the response: that of the cookie, otherwise the first accepted language that exists, or English. */
export function findRequestLocale({ headers }: Pick<IncomingMessage, 'headers'>): Locale {
  const chosen = headers.cookie?.match(CHOSEN_LOCALE)?.[1]
  if (isLocale(chosen)) return chosen
  const languages = headers['accept-language']?.slice(0, MAX_ACCEPT_LENGTH)
  const accepted = new Negotiator({ headers: { 'accept-language': languages } }).language([...LOCALES])
  return isLocale(accepted) ? accepted : DEFAULT_LOCALE
}
