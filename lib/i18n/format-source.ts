import { getLocale, type Locale } from './locale'
import { formatMessage } from './message'
import { findSource, isMessageSource, type MessageSource, rememberSource } from './message-source'

/** Formats a message again, in the current locale unless another one is given. */
export function formatSource({ translations, values }: MessageSource, locale: Locale = getLocale()): string {
  const formatted = Object.entries(values).map(([name, value]) => [
    name,
    isMessageSource(value) ? formatSource(value, locale) : value,
  ])
  const text = formatMessage<string>(translations, Object.fromEntries(formatted), locale) as string
  rememberSource(text, translations, values)
  return text
}

/** A text for logs: in English, if it is a message that was formatted just before. */
export function toEnglish(text: string) {
  const source = findSource(text)
  return source ? formatSource(source, 'en') : text
}
