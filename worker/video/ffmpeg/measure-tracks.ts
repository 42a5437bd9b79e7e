import { type DemuxerReports, parseReports } from './demuxer-reports'
import type { ProbedStream } from './ffprobe'
import { type Packet, readPackets } from './read-packets'
import { TrackTimes } from './track-times'

/** Codecs in which no whole packet is zeros, as silence and black are in others. */
const COMPRESSED = /^(h26[34]|hevc|av1|vp[89]|mpeg[124].*|aac|mp[23]|e?ac3|dts|opus|flac)$/
/** A file up to this size is read by one process. */
const MAX_SHARED_BYTES = 512 * 1024 ** 2
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
  /** Called with the start of all tracks, once it is read; not at all if one of them is shorter. */
  onStart?(tracks: Tracks): void
}

/**
 * Measures all tracks: those of pictures and sound at the same time, in a large file each with a process of its own, which
 * takes longer to start than to read a small one.
 */
export async function measureTracks({ video, audio, onStart, ...options }: MeasureOptions): Promise<{
  tracks: Tracks
  reports: DemuxerReports
}> {
  const { sizeBytes } = options
  const groups = (
    sizeBytes > MAX_SHARED_BYTES ? [video ? [video] : [], audio] : [[...(video ? [video] : []), ...audio]]
  ).filter((streams) => streams.length > 0)
  const indexes = groups.flat().map(({ index }) => index)
  const tracks = createTracks(indexes)
  const readStart = onStart ? collectStart(indexes, onStart) : undefined
  const compressed = new Set(groups.flat().flatMap((s) => (COMPRESSED.test(s.codec_name) ? [s.index] : [])))
  const stderr = await Promise.all(
    groups.map((streams) =>
      readPackets({ ...options, streamIndexes: streams.map(({ index }) => index) }, (found) => {
        const packet = { ...found, isZero: found.isZero && compressed.has(found.streamIndex) }
        tracks.get(packet.streamIndex)?.add(packet)
        readStart?.(packet)
      }),
    ),
  )
  for (const times of tracks.values()) if (times.packets > 0) times.end()
  // Each process reports the same errors.
  return { tracks, reports: parseReports(stderr[0] ?? '') }
}

/** Each track up to its first packet after START_SECONDS, which does not depend on when others are read. */
function collectStart(indexes: number[], onStart: (tracks: Tracks) => void) {
  const tracks = createTracks(indexes)
  const unread = new Set(indexes)
  return (packet: Packet) => {
    if (!unread.has(packet.streamIndex)) return
    if (!(packet.seconds >= START_SECONDS)) tracks.get(packet.streamIndex)!.add(packet)
    else if (unread.delete(packet.streamIndex) && unread.size === 0) onStart(tracks)
  }
}

const createTracks = (indexes: number[]): Tracks => new Map(indexes.map((index) => [index, new TrackTimes()]))
