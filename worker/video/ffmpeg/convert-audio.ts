import { Readable } from 'node:stream'
import type { AudioPlan } from '@/lib/videos/ladder'
import { SURROUND_CHANNELS } from '@/lib/videos/surround'
import { continuousAudioFilters, decodeAudio, decodedAudioArgs } from '@/worker/media/decode-audio'
import { quietArgs } from '@/worker/media/input-args'
import { collectSegments } from './collect-segments'
import { AUDIO_BOUNDARIES } from './copy-args'
import { fragmentArgs } from './fragment-args'
import type { LadderOptions } from './ladder-options'
import { toMediaError } from './media-error'

/** A track that ends at most so long before the video is not continued with silence. */
const MIN_SILENCE_SECONDS = 0.1

/**
 * Converts the audio renditions `names` to AAC that lasts from 0 to the end of the file, with silence where a track has
 * no sound. Returns the names of those of which nothing was decoded.
 * @throws {PermanentError} if a track cannot be decoded
 */
export async function convertAudio(options: LadderOptions, names: string[]) {
  const { info, ladder } = options
  const tracks = names.map((name) => ladder.audio.find((track) => track.name === name)!)
  const stop = new AbortController()
  const stoppable = { ...options, signal: AbortSignal.any([options.signal, stop.signal]) }
  const decoder = decodeAudio({ ...stoppable, tracks })
  const readDecoded = async function* () {
    try {
      yield* decoder.read()
    } catch (error) {
      // Kills the encoder before its input ends, which it would take for the end of the file.
      stop.abort(error)
      throw error
    }
  }
  const encoding = collectSegments(stoppable, {
    args: encodeArgs(tracks, info.durationSeconds),
    names,
    input: Readable.from(readDecoded()),
    readStdout: (stdout) => stdout.resume(),
  })
  try {
    await Promise.all([decoder.exited, encoding])
    const hasSound = await decoder.hasSound
    return names.filter((_, n) => !hasSound[n])
  } catch (error) {
    stop.abort(error)
    await Promise.allSettled([decoder.exited, encoding])
    throw toMediaError(error)
  }
}

/** Reads the decoded tracks from the pipe after those of the outputs. */
const encodeArgs = (tracks: AudioPlan[], durationSeconds: number) => [
  ...quietArgs,
  ...decodedAudioArgs(3 + tracks.length),
  ...tracks.flatMap((track, n) => [
    '-map',
    `0:${n}`,
    '-af',
    convertedSoundFilters(track, durationSeconds),
    '-c:a',
    'aac',
    '-b:a',
    track.renditionChannels === SURROUND_CHANNELS ? '384k' : '128k',
    ...fragmentArgs({ pipe: 3 + n, flags: 'delay_moov', more: AUDIO_BOUNDARIES }),
  ]),
]

/** ffmpeg filters that extend a track from 0 to the end of the file. */
export function convertedSoundFilters(
  { endSeconds }: Pick<AudioPlan, 'endSeconds'>,
  durationSeconds: number,
) {
  const endsEarly = endSeconds !== null && endSeconds < durationSeconds - MIN_SILENCE_SECONDS
  const silence = endsEarly ? [`apad=whole_dur=${durationSeconds.toFixed(6)}`] : []
  return [...continuousAudioFilters(), ...silence].join(',')
}
