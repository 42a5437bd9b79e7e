import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { needsIndex } from '@/lib/videos/demuxers'
import { MAX_DURATION_SECONDS, type MediaInfo } from '@/lib/videos/media-info'
import { type ProbedFile, readStreams } from './ffprobe'
import { START_SECONDS } from './measure-tracks'
import { probeMedia } from './probe-media'
import { writeIndexedCopy } from './write-indexed-copy'

const STREAMED_DEMUXERS = ['mov', 'matroska', 'mpegts']
/** Of a container without an index: what is received of it is copied for each look. */
const MAX_COPIED_BYTES = 256 * 1024 ** 2
/** Packets at the end may be incomplete, and pictures may depend on later ones. */
const MIN_MARGIN_SECONDS = 2
const MAX_REORDERED_FRAMES = 16
/** How much longer the part is than what describes the start of a file: tracks are not interleaved evenly. */
const PART_MARGIN = 1.1
/** A part that arrives later is left to the next look. */
const MAX_WAIT_MS = 2_000
const ARRIVAL_INTERVAL_MS = 20

/**
 * Inspects a file of which only the first part has arrived, as if the rest were like its start. Waits a moment until that part
 * is long enough to describe it, as the duration and the size of the file, `totalBytes`, let expect. `playableSeconds` is how much
 * of all tracks can be decoded already; `sourcePath` is the file to read them from. Null if that cannot be said yet.
 * @throws {PermanentError} as `probeMedia`
 */
export async function probePrefix(options: {
  path: string
  totalBytes: number
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
}) {
  const source = await readStreams(options)
  if (!STREAMED_DEMUXERS.includes(source.demuxer)) return null
  if (!(await awaitStart(source, options))) return null
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

/** Returns false if the upload ended meanwhile. */
async function awaitStart(
  { format: { duration } }: ProbedFile,
  { path, totalBytes, signal }: { path: string; totalBytes: number; signal: AbortSignal },
) {
  if (!duration) return true
  const neededBytes = PART_MARGIN * totalBytes * Math.min(1, START_SECONDS / duration)
  let part: Stats | null = null
  const hasArrived = async () => {
    part = await stat(path).catch(() => null)
    return !part || part.size >= neededBytes
  }
  await waitUntil(hasArrived, { intervalMs: ARRIVAL_INTERVAL_MS, timeoutMs: MAX_WAIT_MS, signal })
  return part !== null
}

function findPlayableSeconds({ video, audio }: MediaInfo) {
  const ends = [...(video ? [video] : []), ...audio].map(({ endSeconds }) => endSeconds ?? 0)
  const margin = Math.max(MIN_MARGIN_SECONDS, video ? MAX_REORDERED_FRAMES / video.frameRate : 0)
  return Math.max(0, Math.min(...ends) - margin)
}
