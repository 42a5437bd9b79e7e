import { errorCode } from '@/lib/errors'
import type { Ladder } from '@/lib/videos/ladder'
import { surroundName } from '@/lib/videos/surround'
import { UNREADABLE, unreadableVideo } from '@/worker/media/unreadable-video'
import { collectSegments } from './collect-segments'
import { convertAudio } from './convert-audio'
import { copyArgs } from './copy-args'
import type { LadderOptions } from './ladder-options'

/** The renditions that `copyStreams` creates. */
export const streamNames = ({ source, audio }: Ladder) => [
  ...(source ? [source.name] : []),
  ...audio.map(({ name }) => name),
]

/**
 * Copies the source rung and copies or converts the audio tracks. An interrupted run starts again from the first packet:
 * copying is fast, and only then are the segment boundaries and the state of the audio encoder the same.
 * Returns the names of audio renditions that were left out, because their tracks cannot be decoded; without stereo, one in
 * 5.1 is left out too.
 * @throws {PermanentError} if nothing of the file can be decoded
 */
export async function copyStreams(options: LadderOptions) {
  const { ladder } = options
  const converted = ladder.audio.filter(({ isCopyable }) => !isCopyable).map(({ name }) => name)
  const copied = streamNames(ladder).filter((name) => !converted.includes(name))
  const stop = new AbortController()
  const stoppable = { ...options, signal: AbortSignal.any([options.signal, stop.signal]) }
  const copy = () =>
    collectSegments(stoppable, {
      args: copyArgs({ ...options, names: copied }),
      names: copied,
      readStdout: (stdout) => stdout.resume(),
    })
  const converting = convertDecodable(stoppable, converted)
  const copying = copied.length > 0 ? copy() : undefined
  try {
    const [undecodable] = await Promise.all([converting, copying])
    const leftOut = ladder.audio
      .map(({ name }) => name)
      .filter((name) => undecodable.some((one) => [one, surroundName(one)].includes(name)))
    const hasAny = options.info.video || leftOut.length < ladder.audio.length
    if (!hasAny) throw unreadableVideo('noSound')
    return leftOut
  } catch (error) {
    stop.abort(error)
    await Promise.allSettled([converting, copying])
    throw error
  }
}

/** Converts tracks together or, if that fails, each on its own. Returns the names of those that cannot be decoded. */
async function convertDecodable(options: LadderOptions, names: string[]): Promise<string[]> {
  if (names.length === 0) return []
  try {
    return await convertAudio(options, names)
  } catch (error) {
    if (errorCode(error) !== UNREADABLE) throw error
    if (names.length === 1) return names
    const leftOut: string[] = []
    for (const name of names) leftOut.push(...(await convertDecodable(options, [name])))
    return leftOut
  }
}
