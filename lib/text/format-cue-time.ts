/** Formats a timestamp of WebVTT (`.`) or SubRip (`,`): `00:01:02.345`. */
export function formatCueTime(seconds: number, separator: '.' | ',' = '.') {
  const ms = Math.max(0, Math.round(seconds * 1000))
  const pad = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1000) % 60)}${separator}${String(ms % 1000).padStart(3, '0')}`
}
