import { type Chunk, firstSegmentIndex, segmentIndexesOf, splitOffStart } from '@/lib/videos/chunks'
import { collectSegments } from './collect-segments'
import { encodeArgs } from './encode-args'
import { readProgress } from './ffmpeg-progress'
import type { HardwareOptions } from '../encoders/hardware'
import type { LadderOptions } from './ladder-options'

/** `mediaSeconds` of the chunk are encoded, at `speed` times real time on average, which is null at first. */
interface EncoderProgress {
  mediaSeconds: number
  speed: number | null
}

/** From the first output on. Before it, ffmpeg starts, decodes up to the chunk and fills its buffers. */
const MIN_MEASURED_SECONDS = 2

export interface EncodeChunkOptions extends LadderOptions {
  chunk: Chunk
  /** Of the decoder. */
  threads: number
  niceness?: number
  /** Default: software. */
  hardware?: HardwareOptions
  onProgress(progress: EncoderProgress): void
}

/**
 * Encodes all rungs of one chunk. In software, every worker creates the same init segments and pictures.
 * @throws {PermanentError} if the file cannot be decoded
 */
export async function encodeChunk(options: EncodeChunkOptions) {
  for (const piece of splitOffStart(options.chunk, options.info)) {
    options.signal.throwIfAborted()
    if (!isStoredWhole(options, piece)) await encodePiece(options, piece)
  }
}

function isStoredWhole({ ladder, isStored }: EncodeChunkOptions, piece: Chunk) {
  const indexes = segmentIndexesOf(piece)
  return (
    indexes !== null && ladder.encodes.every(({ name }) => indexes.every((index) => isStored(name, index)))
  )
}

const encodePiece = (options: EncodeChunkOptions, piece: Chunk) =>
  collectSegments(
    { ...options, devices: options.hardware?.devices },
    {
      args: encodeArgs({ ...options, chunk: piece }),
      names: options.ladder.encodes.map(({ name }) => name),
      firstIndex: firstSegmentIndex(piece),
      readStdout(stdout) {
        let first: { mediaSeconds: number; at: number } | undefined
        readProgress(stdout, (outputSeconds) => {
          // ffmpeg states the time in the video, and its own `speed` counts from 0.
          const mediaSeconds = outputSeconds - options.chunk.startSeconds
          if (mediaSeconds <= 0) return
          first ??= { mediaSeconds, at: performance.now() }
          const seconds = (performance.now() - first.at) / 1_000
          const speed = seconds < MIN_MEASURED_SECONDS ? null : (mediaSeconds - first.mediaSeconds) / seconds
          options.onProgress({ mediaSeconds, speed })
        })
      },
    },
  )
