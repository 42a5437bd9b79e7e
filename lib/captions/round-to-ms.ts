/** Rounds a time in seconds to milliseconds, the precision of cues. */
export const roundToMs = (seconds: number) => Math.round(seconds * 1000) / 1000
