/** A sample of a fragment, in ticks. */
export interface TimedSample {
  decodeTime: number
  presentationTime: number
  /** Until the next decode time. */
  duration: number
}

/**
 * Moves the decode times of a fragment so that the first one is its earliest presentation time, and the last sample ends
 * where its presentation ends. hls.js takes a fragment to start at its first decode time and to last for the sum of the
 * durations; with B-frames as ffmpeg writes them, that is some frames before its pictures.
 *
 * A decode time may be anywhere between the one before and the presentation times of all samples that follow, so only
 * the samples that open or end the fragment move: each becomes no earlier than its original time.
 * @param samples in decode order
 */
export function alignDecodeTimes(samples: readonly TimedSample[]): TimedSample[] {
  const first = samples[0]!
  const last = samples.at(-1)!
  const startTime = Math.min(...samples.map(({ presentationTime }) => presentationTime))
  const delay = startTime - first.decodeTime
  const latest = Math.max(...samples.map(({ presentationTime }) => presentationTime))
  const endTime = Math.max(last.decodeTime + last.duration + delay, latest + 1)
  const aligned = [...samples]
  let nextTime = endTime
  let latestAllowed = endTime
  for (let n = samples.length - 1; n >= 0; n--) {
    const { decodeTime, presentationTime } = samples[n]!
    latestAllowed = Math.min(latestAllowed, presentationTime)
    const opening = Math.min(startTime + n, latestAllowed)
    // A sample that is shown last must not outlast the fragment.
    const closing = nextTime - (endTime - presentationTime)
    const time = Math.max(decodeTime, opening, closing)
    aligned[n] = { decodeTime: time, presentationTime, duration: nextTime - time }
    nextTime = time
  }
  return aligned
}
