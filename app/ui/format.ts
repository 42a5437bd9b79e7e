import * as messages from '@/lib/generated/messages/ui'
import { getLocale, type Locale } from '@/lib/i18n/locale'
import { memoize } from '@/lib/i18n/memoize'

/** 754 → "12:34", 3661 → "1:01:01". */
export function formatTimestamp(seconds: number) {
  const whole = Math.round(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] ? parts : parts.slice(1)
  return shown.map((part, n) => (n === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** "4 s", "2 min", "1 h 5 min", "14 days". */
export function formatDuration(seconds: number) {
  if (seconds < 1) return messages.lessThanASecond()
  if (seconds < 60) return messages.seconds({ count: Math.round(seconds) })
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return messages.minutes({ count: minutes })
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return messages.days({ count: Math.round(hours / 24) })
  return minutes % 60 ? messages.hoursAndMinutes({ hours, minutes: minutes % 60 }) : messages.hours({ hours })
}

/** "20–40 s", "3–5 min", "1 h 30 min – 2 h". */
export function formatDurationRange(low: number, high: number) {
  if (high < 60) return messages.secondsRange({ low, high })
  if (low >= 60 && high < 3600) return messages.minutesRange({ low: low / 60, high: high / 60 })
  const areHours = low % 3600 === 0 && high % 3600 === 0 && high < 48 * 3600
  if (areHours) return messages.hoursRange({ low: low / 3600, high: high / 3600 })
  return messages.range({ low: formatDuration(low), high: formatDuration(high) })
}

const numberFormat = memoize(
  (locale, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
)

/** "1,200", with the separators of the current language. */
export const formatNumber = (value: number, options?: Intl.NumberFormatOptions) =>
  numberFormat(getLocale(), options).format(value)

/** "12 ms", "1.4 s", "48 s", then like formatDuration. */
export function formatElapsed(seconds: number) {
  if (seconds < 0.9995) return messages.milliseconds({ count: Math.round(seconds * 1000) })
  if (seconds >= 9.95) return formatDuration(seconds)
  return messages.seconds({
    count: formatNumber(seconds, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  })
}

const dateStyles = {
  /** "28 Nov 2026" */
  date: { dateStyle: 'medium' },
  /** "28 Nov 2026, 14:05" */
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  /** "28 Nov 2026, 14:05:09" */
  second: { dateStyle: 'medium', timeStyle: 'medium' },
  /** "14:05:09" */
  time: { timeStyle: 'medium' },
  /** "28 Nov 2026" of a day that is the same in all time zones. */
  calendarDay: { dateStyle: 'medium', timeZone: 'UTC' },
  /** "Nov 2026" */
  calendarMonth: { month: 'short', year: 'numeric', timeZone: 'UTC' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

export type DateStyle = keyof typeof dateStyles

/** The locales of dates on servers, where the region of the browser is unknown. */
const SERVER_DATE_LOCALES: Record<Locale, string> = { en: 'en-GB', de: 'de-DE' }

const dateFormat = memoize(
  (locale, options?: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
)

/**
 * In the current language, with the region of the browser if that has the same language, and in its time zone.
 * Components that the server renders use `useDateFormat`.
 */
export const formatDate = (at: string | number | Date, style: DateStyle = 'minute') =>
  dateFormat(findRegionalLocale(), dateStyles[style]).format(new Date(at))

/** As servers do: in UTC, and of no browser's region. */
export const formatServerDate = (at: string | number | Date, style: DateStyle = 'minute') =>
  dateFormat(SERVER_DATE_LOCALES[getLocale()], { timeZone: 'UTC', ...dateStyles[style] }).format(new Date(at))

function findRegionalLocale() {
  const locale = getLocale()
  if (typeof window === 'undefined') return SERVER_DATE_LOCALES[locale]
  return navigator.languages.find((tag) => tag.split('-', 1)[0] === locale) ?? SERVER_DATE_LOCALES[locale]
}

/** "4 s left", "2 min left", "1 h 5 min left". */
export const formatTimeLeft = (seconds: number) => messages.timeLeft({ duration: formatDuration(seconds) })
