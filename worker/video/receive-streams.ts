import { chmod, mkdtemp, stat } from 'node:fs/promises'
import path from 'node:path'
import { waitUntil } from '@/lib/concurrency/wait-until'
import type { MediaInfo } from '@/lib/videos/media-info'
import { type Prefix, probePrefix } from './ffmpeg/probe-prefix'
import { hasSameRenditions } from './playable-start'

/** Sound is cut into segments of four seconds, and of a packet more. */
const SOUND_SEGMENT_SECONDS = 4.1
/** A copy is cut at the first key frame after so many seconds. */
const MIN_COPIED_SECONDS = 3
const MAX_WAIT_MS = 1_000
const INTERVAL_MS = 10

interface Options {
  /** Of the upload. */
  path: string
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
}

/**
 * Returns `prefix` or, if that is shorter than the first segments of sound and copied pictures, a later one, if what those need
 * arrives within a second.
 */
export async function receiveStreams(prefix: Prefix, options: Options): Promise<Prefix> {
  const { signal } = options
  const neededBytes = estimateNeededBytes(prefix)
  if (prefix.receivedBytes >= neededBytes) return prefix
  const hasArrived = async () => (await readSize(options.path)) >= neededBytes
  if (!(await waitUntil(hasArrived, { intervalMs: INTERVAL_MS, timeoutMs: MAX_WAIT_MS, signal })))
    return prefix
  // The copy of the earlier prefix is still read.
  const outputDir = await mkdtemp(path.join(options.outputDir, 'later-'))
  await chmod(outputDir, 0o777)
  const later = await probePrefix({ ...options, outputDir })
  return later && hasSameRenditions(prefix.info, later.info) ? later : prefix
}

/** By the mean rate of what has arrived. */
function estimateNeededBytes({ info, receivedBytes, endSeconds, playableSeconds }: Prefix) {
  const neededSeconds = firstSegmentSeconds(info)
  if (playableSeconds >= neededSeconds) return 0
  return (receivedBytes / endSeconds) * (neededSeconds + endSeconds - playableSeconds)
}

const firstSegmentSeconds = ({ video }: MediaInfo) =>
  Math.max(SOUND_SEGMENT_SECONDS, video?.isWebSafe ? MIN_COPIED_SECONDS + video.keyframeGapSeconds : 0)

const readSize = async (file: string) => (await stat(file).catch(() => null))?.size ?? 0
