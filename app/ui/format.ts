/** 754 → "12:34", 3661 → "1:01:01". */
export function formatTimestamp(seconds: number) {
  const whole = Math.round(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] ? parts : parts.slice(1)
  return shown.map((part, n) => (n === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** "4 s", "2 min", "1 h 5 min", "14 days". */
export function formatDuration(seconds: number) {
  if (seconds < 1) return 'less than 1 s'
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.round(hours / 24)} days`
  return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`
}

/** "12 ms", "1.4 s", "48 s", then like formatDuration. */
export function formatElapsed(seconds: number) {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : formatDuration(seconds)
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

/** In the locale and time zone of the browser by default. Components that the server renders use `useDateFormat`. */
export const formatDate = (
  at: string | number | Date,
  style: DateStyle = 'minute',
  { locale, timeZone }: { locale?: string; timeZone?: string } = {},
) => new Intl.DateTimeFormat(locale, { timeZone, ...dateStyles[style] }).format(new Date(at))

/** "4 s left", "2 min left", "1 h 5 min left". */
export const formatTimeLeft = (seconds: number) => `${formatDuration(seconds)} left`
