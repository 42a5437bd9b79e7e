import { stat } from 'node:fs/promises'
import { needsIndex } from '@/lib/videos/demuxers'
import { MAX_DURATION_SECONDS, type MediaInfo } from '@/lib/videos/media-info'
import { readStreams } from './ffprobe'
import { probeMedia } from './probe-media'
import { writeIndexedCopy } from './write-indexed-copy'

const STREAMED_DEMUXERS = ['mov', 'matroska', 'mpegts']
/** Of a container without an index: what is received of it is copied for each look. */
const MAX_COPIED_BYTES = 256 * 1024 ** 2
/** Packets at the end may be incomplete, and pictures may depend on later ones. */
const MIN_MARGIN_SECONDS = 2
const MAX_REORDERED_FRAMES = 16

/**
 * Inspects a file of which only the first part has arrived, as if the rest were like its start. `playableSeconds` is how much
 * of all tracks can be decoded already; `sourcePath` is the file to read them from. Null if that cannot be said yet.
 * @throws {PermanentError} as `probeMedia`
 */
export async function probePrefix(options: {
  path: string
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
}) {
  const source = await readStreams(options)
  if (!STREAMED_DEMUXERS.includes(source.demuxer)) return null
  const mustCopy = needsIndex(source.demuxer)
  if (mustCopy && (await stat(options.path)).size > MAX_COPIED_BYTES) return null
  const copy = mustCopy ? await writeIndexedCopy({ ...options, source }) : null
  if (mustCopy && !copy) return null
  let start: Promise<MediaInfo> | undefined
  const received = await probeMedia({
    ...options,
    source,
    copyPath: copy?.path,
    reports: copy?.reports,
    // Progress is never overstated.
    assumedSeconds: MAX_DURATION_SECONDS,
    onStart: (found) => void (start = found),
  })
  if (!start) return null
  return {
    info: await start,
    playableSeconds: findPlayableSeconds(received),
    sourcePath: copy?.path ?? options.path,
  }
}

function findPlayableSeconds({ video, audio }: MediaInfo) {
  const ends = [...(video ? [video] : []), ...audio].map(({ endSeconds }) => endSeconds ?? 0)
  const margin = Math.max(MIN_MARGIN_SECONDS, video ? MAX_REORDERED_FRAMES / video.frameRate : 0)
  return Math.max(0, Math.min(...ends) - margin)
}
