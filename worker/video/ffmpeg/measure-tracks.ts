import { type DemuxerReports, parseReports } from './demuxer-reports'
import type { ProbedStream } from './ffprobe'
import { groupTracks, type TrackScan } from './open-media'
import { type Packet, readPackets, startScan } from './read-packets'
import { TrackTimes } from './track-times'

/** Codecs in which no whole packet is zeros, as silence and black are in others. */
const COMPRESSED = /^(h26[34]|hevc|av1|vp[89]|mpeg[124].*|aac|mp[23]|e?ac3|dts|opus|flac)$/
/** The start of a file. */
const START_SECONDS = 8

type Tracks = Map<number, TrackTimes>

interface MeasureOptions {
  path: string
  demuxer: string
  video: ProbedStream | undefined
  audio: ProbedStream[]
  sizeBytes: number
  signal: AbortSignal
  memoryBytes: number
  /** Those that have begun. */
  scans: TrackScan[] | null
  /**
   * Called with the start of all tracks, once START_SECONDS of each are read, or at the end if it contains
   * `minStartSeconds` of each; not at all if one of them is shorter.
   */
  onStart?(tracks: Tracks): void
  minStartSeconds?: number
}

/** Measures all tracks, by `scans` unless ffmpeg cannot read all streams of the file. */
export async function measureTracks({ scans, onStart, ...options }: MeasureOptions) {
  let hasStarted = false
  const onFirstStart =
    onStart &&
    ((tracks: Tracks) => {
      hasStarted = true
      onStart(tracks)
    })
  if (scans)
    try {
      return await readTracks({ ...options, onStart: onFirstStart }, scans)
    } catch (error) {
      if (options.signal.aborted) throw error
    }
  return readTracks({ ...options, onStart: hasStarted ? undefined : onFirstStart }, scanTracks(options))
}

/** Scans only the tracks that are described. */
const scanTracks = ({ video, audio, ...target }: Omit<MeasureOptions, 'scans' | 'onStart'>): TrackScan[] =>
  groupTracks(target.sizeBytes)
    .map((selectors) => selectors.flatMap((selector) => (selector === 'a' ? audio : video ? [video] : [])))
    .filter((streams) => streams.length > 0)
    .map((streams) => {
      const streamIndexes = streams.map(({ index }) => index)
      return {
        streamIndexes,
        scan: startScan({ ...target, maps: streamIndexes.map((index) => `0:${index}`) }),
      }
    })

async function readTracks(
  { video, audio, onStart, minStartSeconds }: Omit<MeasureOptions, 'scans'>,
  scans: TrackScan[],
): Promise<{ tracks: Tracks; reports: DemuxerReports }> {
  const streams = [...(video ? [video] : []), ...audio]
  const indexes = streams.map(({ index }) => index)
  const tracks = createTracks(indexes)
  const start = onStart && new TrackStarts(indexes, onStart)
  const compressed = new Set(streams.flatMap((s) => (COMPRESSED.test(s.codec_name) ? [s.index] : [])))
  const onPacket = (found: Packet) => {
    const packet = { ...found, isZero: found.isZero && compressed.has(found.streamIndex) }
    tracks.get(packet.streamIndex)?.add(packet)
    start?.add(packet)
  }
  const stderr = await Promise.all(
    scans.map(({ scan, streamIndexes }) => readPackets(scan, { streamIndexes, onPacket })),
  )
  for (const times of tracks.values()) if (times.packets > 0) times.end()
  if (minStartSeconds) start?.end(minStartSeconds)
  // Each process reports the same errors.
  return { tracks, reports: parseReports(stderr[0] ?? '') }
}

/** Each track up to its first packet after START_SECONDS, which does not depend on when others are read. */
class TrackStarts {
  readonly #tracks: Tracks
  readonly #unread: Set<number>

  constructor(
    indexes: number[],
    private readonly onStart: (tracks: Tracks) => void,
  ) {
    this.#tracks = createTracks(indexes)
    this.#unread = new Set(indexes)
  }

  add(packet: Packet) {
    const { streamIndex } = packet
    if (!this.#unread.has(streamIndex)) return
    if (!(packet.seconds >= START_SECONDS)) this.#tracks.get(streamIndex)!.add(packet)
    else if (this.#unread.delete(streamIndex) && this.#unread.size === 0) this.onStart(this.#tracks)
  }

  /** After the last packet: a start of at least `minSeconds` of each track is enough. */
  end(minSeconds: number) {
    const ends = [...this.#unread].map((index) => this.#tracks.get(index)!.endSeconds)
    if (ends.length > 0 && ends.every((endSeconds) => endSeconds >= minSeconds)) this.onStart(this.#tracks)
  }
}

const createTracks = (indexes: number[]): Tracks => new Map(indexes.map((index) => [index, new TrackTimes()]))
