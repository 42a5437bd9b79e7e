/** The start time in seconds of `?t=`; 0 for anything else. */
export function parseStart(t: string | string[] | undefined) {
  const seconds = Number(t)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0
}
