import { ADTS_DEMUXERS } from '@/lib/videos/demuxers'
import type { Ladder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { fragmentArgs } from './fragment-args'

/** ffmpeg arguments that copy the source rung and audio tracks. Pipe 3 + n is `names[n]`. */
export function copyArgs(options: { info: MediaInfo; ladder: Ladder; names: string[] }) {
  const { info, ladder, names } = options
  const outputs = names.flatMap((name, n) => {
    const track = ladder.audio.find((audio) => audio.name === name)
    // Some containers state the decoder configuration only with the first packet, so the header waits for it.
    const output = { pipe: 3 + n, flags: 'delay_moov' }
    if (!track) {
      const boundaries = { flags: 'frag_keyframe+delay_moov', more: ['-min_frag_duration', '3000000'] }
      return ['-map', `0:${info.video!.index}`, '-c:v', 'copy', ...fragmentArgs({ ...output, ...boundaries })]
    }
    const headers = ADTS_DEMUXERS.includes(info.demuxer) ? ['-bsf:a', 'aac_adtstoasc'] : []
    return [
      '-map',
      `0:${track.index}`,
      '-c:a',
      'copy',
      ...headers,
      ...fragmentArgs({ ...output, more: AUDIO_BOUNDARIES }),
    ]
  })
  // A truncated file ends with a partial frame, which players reject.
  return [
    ...quietArgs,
    // Shows that it makes progress, also before the first packet of a track.
    '-progress',
    'pipe:1',
    ...inputArgs(info.demuxer, ['-fflags', '+discardcorrupt']),
    ...outputs,
  ]
}

export const AUDIO_BOUNDARIES = ['-frag_duration', '4000000']
