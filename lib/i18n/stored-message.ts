import { storedAreas } from '../generated/stored-messages'
import { formatSource } from './format-source'
import { findSource, isMessageSource, type MessageSource, type Translations } from './message-source'

/** A message in a row: its name, such as `task-errors.finished`, and its values. */
export type StoredMessage = { id: string; values?: { [name: string]: StoredValue } }

type StoredValue = string | number | { date: string } | StoredMessage

const translationsById = new Map<string, Translations>(
  Object.entries(storedAreas).flatMap(([area, messages]) =>
    Object.entries(messages).flatMap(([key, message]) =>
      'translations' in message ? [[`${area}.${key}`, message.translations as Translations] as const] : [],
    ),
  ),
)

/** By the translations as JSON, since each bundle of Next.js has objects of its own. */
let ids: Map<string, string> | undefined

const findId = (translations: Translations) => {
  ids ??= new Map([...translationsById].map(([id, known]) => [JSON.stringify(known), id]))
  return ids.get(JSON.stringify(translations))
}

/** Converts the source of a text to JSON. @returns undefined if its area is not stored (scripts/messages.mjs) */
export function toStoredMessage(source: MessageSource | undefined): StoredMessage | undefined {
  const id = source && findId(source.translations)
  if (!id) return undefined
  const values: { [name: string]: StoredValue } = {}
  for (const [name, value] of Object.entries(source.values)) {
    const stored = toStoredValue(value)
    if (stored === undefined) return undefined
    values[name] = stored
  }
  return { id, values }
}

/** Converts the source of a text that was formatted just before, for the row that gets the text. */
export const findStoredMessage = (text: string | null | undefined) => toStoredMessage(findSource(text))

function toStoredValue(value: unknown): StoredValue | undefined {
  // JSON has neither NaN nor Infinity.
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'string') return toStorableText(value)
  if (value instanceof Date) return isNaN(value.getTime()) ? undefined : { date: value.toISOString() }
  if (!isMessageSource(value)) return undefined
  return toStoredMessage(value) ?? toStorableText(formatSource(value))
}

/** Replaces lone surrogates and removes NUL, which occur in program output and cannot be stored as text. */
export const toStorableText = (text: string) => text.toWellFormed().replaceAll('\0', '')

/**
 * Formats a stored message in the current locale.
 * @returns `text`, as it was formatted when it was stored, if there is no such message (any more)
 */
export function formatStoredMessage(stored: unknown, text: string): string {
  try {
    const source = toSource(stored as StoredMessage | null | undefined)
    return source ? formatSource(source) : text
  } catch {
    // Another version stored other values, or a message among them that is unknown.
    return text
  }
}

function toSource(stored: StoredMessage | null | undefined): MessageSource | undefined {
  const translations = stored ? translationsById.get(stored.id) : undefined
  if (!translations) return undefined
  const values = Object.entries(stored?.values ?? {}).map(([name, value]) => [name, toValue(value)])
  return { translations, values: Object.fromEntries(values) }
}

function toValue(value: StoredValue) {
  if (typeof value !== 'object') return value
  if ('date' in value) return new Date(value.date)
  const source = toSource(value)
  if (!source) throw new Error(`no message ${value.id}`)
  return source
}
