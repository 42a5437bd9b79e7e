import { type Chunk, firstSegmentIndex } from '@/lib/videos/chunks'
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
 * Encodes all rungs of one chunk in one process. In software, every worker creates the same bytes.
 * @throws {PermanentError} if the file cannot be decoded
 */
export const encodeChunk = (options: EncodeChunkOptions) =>
  collectSegments(
    { ...options, devices: options.hardware?.devices },
    {
      args: encodeArgs(options),
      names: options.ladder.encodes.map(({ name }) => name),
      firstIndex: firstSegmentIndex(options.chunk),
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
