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

/** "28 Nov 2026, 14:05", in the browser's time zone. */
export const formatDateTime = (at: string | Date) =>
  new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** "28 Nov 2026, 14:05:09". */
export const formatExactTime = (at: string | Date) =>
  new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** "28 Nov 2026". */
export const formatDate = (at: string | Date) =>
  new Date(at).toLocaleDateString('en-GB', { dateStyle: 'medium' })

/** "4 s left", "2 min left", "1 h 5 min left". */
export const formatTimeLeft = (seconds: number) => `${formatDuration(seconds)} left`
