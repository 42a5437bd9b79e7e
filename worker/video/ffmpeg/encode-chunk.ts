import { type Chunk, firstSegmentIndex } from '@/lib/videos/chunks'
import { collectSegments } from './collect-segments'
import { encodeArgs } from './encode-args'
import { type EncoderProgress, readProgress } from './ffmpeg-progress'
import type { LadderOptions } from './ladder-options'

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
    readStdout: (stdout) => readProgress(stdout, options.onProgress),
  })
