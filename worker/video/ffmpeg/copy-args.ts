import type { Ladder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { fragmentArgs } from './fragment-args'

/** Containers that store AAC with a header per packet, which MP4 does not. */
const ADTS_CONTAINERS = ['mpegts', 'mpeg', 'aac']

/** ffmpeg arguments that copy the source rung and copy or convert the audio tracks. Pipe 3 + n is `names[n]`. */
export function copyAndAudioArgs(options: { info: MediaInfo; ladder: Ladder; names: string[] }) {
  const { info, ladder, names } = options
  const outputs = names.flatMap((name, n) => {
    const track = ladder.audio.find((audio) => audio.name === name)
    // Some containers state the decoder configuration only with the first packet, so the header waits for it.
    const output = { pipe: 3 + n, flags: 'delay_moov' }
    if (!track) {
      const boundaries = { flags: 'frag_keyframe+delay_moov', more: ['-min_frag_duration', '3000000'] }
      return ['-map', `0:${info.video!.index}`, '-c:v', 'copy', ...fragmentArgs({ ...output, ...boundaries })]
    }
    const codec = track.isCopyable
      ? ['-c:a', 'copy', ...(ADTS_CONTAINERS.includes(info.demuxer) ? ['-bsf:a', 'aac_adtstoasc'] : [])]
      : ['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-ar', '48000', '-af', 'aresample=async=1:first_pts=0']
    return [
      '-map',
      `0:${track.index}`,
      ...codec,
      ...fragmentArgs({ ...output, more: ['-frag_duration', '4000000'] }),
    ]
  })
  // A truncated file ends with a partial frame, which players reject.
  return [...quietArgs, ...inputArgs(info.demuxer, ['-fflags', '+discardcorrupt']), ...outputs]
}
