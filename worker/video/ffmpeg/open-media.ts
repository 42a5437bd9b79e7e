import { open, stat } from 'node:fs/promises'
import type { ProbedFile, ProbeTarget } from './ffprobe'
import { readStreams } from './ffprobe'
import { type PacketScan, startScan } from './read-packets'

/** A file up to this size is read by one process. */
const MAX_SHARED_BYTES = 512 * 1024 ** 2
const HEAD_BYTES = 12
const MATROSKA = 0x1a45dfa3

export interface OpenedMedia {
  source: ProbedFile
  /** Began before the streams were known. Null where the container may have none of the usual forms. */
  scans: TrackScan[] | null
}

/** A scan of all video tracks, of all audio tracks, or of both. */
export interface TrackScan {
  scan: PacketScan
  /** In the order of its output. */
  streamIndexes: number[]
}

type Selector = 'V' | 'a'

/**
 * Runs `work` with the streams of a file and, for MP4 and Matroska by their first bytes, with scans that have begun to list its
 * packets meanwhile: a program takes longer to start than to describe the streams. Scans that are left unread are stopped.
 * @throws {PermanentError} as `readStreams`
 */
export async function withMedia<T>(
  target: Omit<ProbeTarget, 'demuxer'>,
  work: (media: OpenedMedia) => Promise<T>,
) {
  const stop = new AbortController()
  const signal = AbortSignal.any([target.signal, stop.signal])
  try {
    const begun = await beginScans({ ...target, signal })
    const source = await readStreams(target)
    const scans = begun?.demuxer === source.demuxer ? begun.scans : null
    return await work({
      source,
      scans:
        scans
          ?.map(({ scan, selectors }) => ({ scan, streamIndexes: selectStreams(source, selectors) }))
          .filter(({ streamIndexes }) => streamIndexes.length > 0) ?? null,
    })
  } finally {
    stop.abort(new Error('the scan is not needed'))
  }
}

async function beginScans(target: Omit<ProbeTarget, 'demuxer'>) {
  const demuxer = await guessDemuxer(target.path)
  if (!demuxer) return null
  const { size } = await stat(target.path)
  return {
    demuxer,
    scans: groupTracks(size).map((selectors) => ({
      selectors,
      scan: startScan({ ...target, demuxer, maps: selectors.map((selector) => `0:${selector}?`) }),
    })),
  }
}

/**
 * Which tracks a process reads: in a large file each kind has a process of its own, which takes longer to start than to
 * read a small one.
 */
export const groupTracks = (sizeBytes: number): Selector[][] =>
  sizeBytes > MAX_SHARED_BYTES ? [['V'], ['a']] : [['V', 'a']]

async function guessDemuxer(path: string) {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    if (bytesRead < HEAD_BYTES) return null
    if (buffer.readUInt32BE(0) === MATROSKA) return 'matroska'
    return buffer.toString('latin1', 4, 8) === 'ftyp' ? 'mov' : null
  } finally {
    await file.close()
  }
}

/** The streams that ffmpeg selects, in its order; `V` leaves out covers. */
const selectStreams = ({ streams }: ProbedFile, selectors: readonly Selector[]) =>
  selectors.flatMap((selector) =>
    streams
      .filter((s) =>
        selector === 'a'
          ? s.codec_type === 'audio'
          : s.codec_type === 'video' && !s.disposition?.attached_pic,
      )
      .map(({ index }) => index),
  )
