import type { Ladder } from '@/lib/videos/ladder'
import { collectSegments } from './collect-segments'
import { copyAndAudioArgs } from './copy-args'
import type { LadderOptions } from './ladder-options'

/** The renditions that `copyStreams` creates. */
export const streamNames = ({ source, audio }: Ladder) => [
  ...(source ? [source.name] : []),
  ...audio.map(({ name }) => name),
]

/**
 * Copies the source rung and copies or converts the audio tracks, in one process. An interrupted run starts again from
 * the first packet: copying is fast, and only then are the segment boundaries and the state of the audio encoder the same.
 * @throws {PermanentError} if the file cannot be decoded
 */
export async function copyStreams(options: LadderOptions) {
  const names = streamNames(options.ladder)
  await collectSegments(options, {
    args: copyAndAudioArgs({ ...options, names }),
    names,
    readStdout: (stdout) => stdout.resume(),
  })
}
