import type { CompiledMessage } from 'icu-minify/format'
import { processSingleton } from '@/lib/concurrency/process-singleton'
import type { Locale } from './locale'

/** One message in all languages, compiled from ICU MessageFormat by scripts/messages.mjs. */
export type Translations = Record<Locale, CompiledMessage>

/** The message and the values that a text was formatted from. */
export interface MessageSource {
  translations: Translations
  values: Record<string, unknown>
}

/** Values that may be messages themselves. Names and titles that read like a message are none. */
const NESTED = ['reason', 'stage', 'step', 'problem', 'value']

/** More than are formatted between a text and the error or report that it is for. */
const MAX_REMEMBERED = 1_000

const memory = processSingleton<Map<string, MessageSource>>('message-sources')

/**
 * Remembers where a text comes from until a thousand others were formatted, so that errors and reports, which take texts,
 * can be logged in English and stored for readers of any language.
 */
export function rememberSource(text: string, translations: Translations, values: unknown) {
  const texts = (memory.current ??= new Map())
  // The newest ones are last.
  texts.delete(text)
  texts.set(text, { translations, values: withSources({ ...(values as object | undefined) }) })
  if (texts.size > MAX_REMEMBERED) texts.delete(texts.keys().next().value!)
}

function withSources(values: Record<string, unknown>) {
  for (const name of NESTED) if (name in values) values[name] = findSource(values[name]) ?? values[name]
  return values
}

/** The source of a text that was formatted just before; undefined for other texts. */
export const findSource = (text: unknown) => memory.current?.get(text as string)

export const isMessageSource = (value: unknown): value is MessageSource =>
  typeof value === 'object' && value !== null && 'translations' in value
