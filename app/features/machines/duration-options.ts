import * as messages from '@/lib/generated/messages/machine-options'

export const DURATION_OPTIONS_MINUTES = [60, 480, 1_440, 10_080] as const

const units = [
  ['week', 10_080],
  ['day', 1_440],
  ['hour', 60],
  ['minute', 1],
] as const

/** 60 → "1 hour", 480 → "8 hours", 90 → "90 minutes" */
export function formatMinutes(minutes: number) {
  return messages.duration(splitMinutes(minutes))
}

/** The largest unit of which `minutes` is a multiple, and how many of it. */
export function splitMinutes(minutes: number) {
  const [unit, unitMinutes] = units.find(([, length]) => minutes % length === 0)!
  return { unit, count: minutes / unitMinutes }
}
