import { runWithLocale } from './run-with-locale'

interface StoredTexts {
  plain: readonly (() => string)[]
  /** Messages with one value, `value`. */
  withValue: readonly ((values: { value: string }) => string)[]
}

/** A character that no text contains. */
const MARK = '\uFFFF'

/**
 * Translates texts that a process without a user, such as a host of machines, has stored in English. @returns a function
 * that formats the message of a text in the current locale, and returns other texts unchanged
 */
export function createStoredTextTranslator({ plain, withValue }: StoredTexts) {
  const inEnglish = <Message>(message: Message, format: (message: Message) => string) =>
    runWithLocale('en', () => format(message))
  const byText = new Map(plain.map((message) => [inEnglish(message, (one) => one()), message]))
  const patterns = withValue.map((message) => {
    const [prefix, suffix] = inEnglish(message, (one) => one({ value: MARK })).split(MARK) as [string, string]
    return { prefix, suffix, message }
  })
  return (text: string) => {
    const known = byText.get(text)
    if (known) return known()
    const pattern = patterns.find(
      ({ prefix, suffix }) =>
        text.length >= prefix.length + suffix.length && text.startsWith(prefix) && text.endsWith(suffix),
    )
    if (!pattern) return text
    return pattern.message({ value: text.slice(pattern.prefix.length, text.length - pattern.suffix.length) })
  }
}
