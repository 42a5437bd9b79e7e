/** 65.3 → "1:05.30". */
export function formatTimecode(seconds: number) {
  const hundredths = Math.round(seconds * 100)
  const [hours, minutes] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6_000) % 60]
  const rest = ((hundredths % 6_000) / 100).toFixed(2).padStart(5, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

const TIMECODE_PATTERN = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5}(?:[.,]\d{1,3})?)$/

/** Parses "1:05.3", "65,3" and "0:01:05.3" as 65.3 seconds. Returns null for anything else. */
export function parseTimecode(text: string) {
  const [, hours = '0', minutes = '0', seconds] = TIMECODE_PATTERN.exec(text.trim()) ?? []
  return seconds === undefined
    ? null
    : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'))
}
