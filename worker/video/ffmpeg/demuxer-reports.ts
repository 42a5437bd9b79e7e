/** What a demuxer reports of damage. */
export interface DemuxerReports {
  /** The times of corrupt packets on the timeline, in seconds. */
  seconds: number[]
  /** The number of errors without a time. */
  unlocated: number
}

export const NO_REPORTS: DemuxerReports = { seconds: [], unlocated: 0 }

/** So that each message is printed, also one that is repeated, and those about corrupt packets, which are warnings. */
export const reportArgs = ['-v', 'repeat+warning']

/** Of the clock of transport and program streams, in which their packets are reported. */
const TICKS_PER_SECOND = 90_000
/** Matroska: an element that is none. Transport stream: no packet starts where one should. */
const UNLOCATED = /invalid as first byte of an EBML number|max resync size reached/g

/** Reads the messages of ffmpeg about a file whose clock starts at `startSeconds`. */
export const parseReports = (stderr: string, startSeconds = 0): DemuxerReports => ({
  seconds: [...stderr.matchAll(/Packet corrupt \(stream = \d+, dts = (\d+)\)/g)].map(
    ([, ticks]) => Number(ticks) / TICKS_PER_SECOND - startSeconds,
  ),
  unlocated: [...stderr.matchAll(UNLOCATED)].length,
})
