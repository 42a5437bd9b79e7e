import format, { type FormatOptions } from 'icu-minify/format'
import { getLocale, type Locale } from './locale'
import { memoize } from './memoize'
import { rememberSource, type Translations } from './message-source'

/** Creates the function of a message: it formats `values` in the current locale. */
export const message = <Values = void>(translations: Translations) =>
  Object.assign(
    (values: Values): string => {
      const text = formatMessage<string>(translations, values) as string
      if (typeof window === 'undefined') rememberSource(text, translations, values)
      return text
    },
    { translations },
  )

/** @returns an array of strings and elements if functions among `values` create elements */
export function formatMessage<Element>(
  translations: Translations,
  values: unknown,
  locale: Locale = getLocale(),
) {
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
