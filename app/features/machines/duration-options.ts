export const DURATION_OPTIONS_MINUTES = [60, 480, 1_440, 10_080] as const

const units = [
  ['week', 10_080],
  ['day', 1_440],
  ['hour', 60],
  ['minute', 1],
] as const

/** 60 → "1 hour", 480 → "8 hours", 90 → "90 minutes" */
export function formatMinutes(minutes: number) {
  const [name, unitMinutes] = units.find(([, length]) => minutes % length === 0)!
  const count = minutes / unitMinutes
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
