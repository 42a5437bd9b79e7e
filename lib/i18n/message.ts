import format, { type CompiledMessage, type FormatOptions } from 'icu-minify/format'
import { getLocale, type Locale } from './locale'
import { memoize } from './memoize'

/** One message in all languages, compiled from ICU MessageFormat by scripts/messages.mjs. */
export type Translations = Record<Locale, CompiledMessage>

/** Creates the function of a message: it formats `values` in the current locale. */
export const message =
  <Values = void>(translations: Translations) =>
  (values: Values): string =>
    formatMessage<string>(translations, values) as string

/** @returns an array of strings and elements if functions among `values` create elements */
export function formatMessage<Element>(translations: Translations, values: unknown) {
  const locale = getLocale()
  return format<Element>(translations[locale], locale, values as never, { formatters })
}

const formatters: FormatOptions['formatters'] = {
  getDateTimeFormat: memoize(
    (locale, options?: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
  ),
  getNumberFormat: memoize(
    (locale, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
  ),
  getPluralRules: memoize(
    (locale, options?: Intl.PluralRulesOptions) => new Intl.PluralRules(locale, options),
  ),
}
