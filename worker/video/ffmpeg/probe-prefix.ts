import { stat } from 'node:fs/promises'
import { needsIndex } from '@/lib/videos/demuxers'
import { MAX_DURATION_SECONDS, type MediaInfo } from '@/lib/videos/media-info'
import { type OpenedMedia, withMedia } from './open-media'
import { probeMedia } from './probe-media'
import { writeIndexedCopy } from './write-indexed-copy'

const STREAMED_DEMUXERS = ['mov', 'matroska', 'mpegts']
/** Of a container without an index: what is received of it is copied for each look. */
const MAX_COPIED_BYTES = 256 * 1024 ** 2
/** Packets at the end may be incomplete, and pictures may depend on later ones. */
const MIN_MARGIN_SECONDS = 2
const MAX_REORDERED_FRAMES = 16

/** What describes a file: enough for its first second to be decoded. */
const MIN_START_SECONDS = 3

interface PrefixOptions {
  path: string
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
}

/** The first part of a file. */
export interface Prefix {
  /** As if the rest were like its start. */
  info: MediaInfo
  receivedBytes: number
  /** How much of all tracks has arrived. */
  endSeconds: number
  /** How much of all tracks can be decoded already. */
  playableSeconds: number
  /** The file to read them from. */
  sourcePath: string
}

/**
 * Inspects a file of which only the first part has arrived. Null if it cannot be described yet.
 * @throws {PermanentError} as `probeMedia`
 */
export const probePrefix = (options: PrefixOptions): Promise<Prefix | null> =>
  withMedia(options, (media) => probeOpened(options, media))

async function probeOpened(options: PrefixOptions, media: OpenedMedia) {
  const { source } = media
  if (!STREAMED_DEMUXERS.includes(source.demuxer)) return null
  const mustCopy = needsIndex(source.demuxer)
  if (mustCopy && (await stat(options.path)).size > MAX_COPIED_BYTES) return null
  const copy = mustCopy ? await writeIndexedCopy({ ...options, source }) : null
  if (mustCopy && !copy) return null
  let start: Promise<MediaInfo> | undefined
  const received = await probeMedia({
    ...options,
    media,
    copyPath: copy?.path,
    reports: copy?.reports,
    // Progress is never overstated.
    assumedSeconds: MAX_DURATION_SECONDS,
    minStartSeconds: MIN_START_SECONDS,
    onStart: (found) => void (start = found),
  })
  if (!start) return null
  return {
    info: await start,
    ...findPlayableSeconds(received),
    receivedBytes: received.sizeBytes,
    sourcePath: copy?.path ?? options.path,
  }
}

function findPlayableSeconds({ video, audio }: MediaInfo) {
  const ends = [...(video ? [video] : []), ...audio].map((track) => track.endSeconds ?? 0)
  const margin = Math.max(MIN_MARGIN_SECONDS, video ? MAX_REORDERED_FRAMES / video.frameRate : 0)
  const endSeconds = Math.min(...ends)
  return { endSeconds, playableSeconds: Math.max(0, endSeconds - margin) }
}
