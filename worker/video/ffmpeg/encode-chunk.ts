import { type Chunk, firstSegmentIndex } from '@/lib/videos/chunks'
import { collectSegments } from './collect-segments'
import { encodeArgs } from './encode-args'
import { readProgress } from './ffmpeg-progress'
import type { LadderOptions } from './ladder-options'

/** `mediaSeconds` of the chunk are encoded, at `speed` times real time on average. */
interface EncoderProgress {
  mediaSeconds: number
  speed: number
}

export interface EncodeChunkOptions extends LadderOptions {
  chunk: Chunk
  /** Of the decoder. */
  threads: number
  niceness?: number
  onProgress(progress: EncoderProgress): void
}

/**
 * Encodes all rungs of one chunk in one process. Every worker creates the same bytes.
 * @throws {PermanentError} if the file cannot be decoded
 */
export const encodeChunk = (options: EncodeChunkOptions) =>
  collectSegments(options, {
    args: encodeArgs(options),
    names: options.ladder.encodes.map(({ name }) => name),
    firstIndex: firstSegmentIndex(options.chunk),
    readStdout(stdout) {
      const startedAt = performance.now()
      readProgress(stdout, (outputSeconds) => {
        // ffmpeg states the time in the video, and its own `speed` counts from 0.
        const mediaSeconds = outputSeconds - options.chunk.startSeconds
        const seconds = (performance.now() - startedAt) / 1_000
        if (mediaSeconds > 0) options.onProgress({ mediaSeconds, speed: mediaSeconds / seconds })
      })
    },
  })
