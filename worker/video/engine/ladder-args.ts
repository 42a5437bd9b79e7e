import { type Ladder, type Rung, segmentStart } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { GUEST_INPUT } from '@/worker/sandbox/sandbox'

/**
 * All media time is shifted by this, so that B-frames never make a decoding time negative, which MP4
 * fragments cannot say. Players subtract it; Apple's segmenter uses the same ten seconds.
 */
export const MEDIA_TIME_OFFSET_SECONDS = 10

/** The guards that every ffmpeg run on a stranger's file has, up to and including its input. */
export const inputArgs = (demuxer: string, beforeInput: string[] = []) => [
  '-protocol_whitelist', 'file,pipe', '-format_whitelist', demuxer, '-f', demuxer, ...beforeInput, '-i', GUEST_INPUT,
]
export const quietArgs = ['-hide_banner', '-nostdin', '-v', 'error', '-nostats']

const fragmentArgs = (options: { offsetSeconds: number; pipe: number; flags: string; more?: string[] }) => [
  '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1',
  '-f', 'mp4', '-movflags', `${options.flags}empty_moov+default_base_moof+frag_discont`, '-use_editlist', '0',
  '-avoid_negative_ts', 'disabled', '-output_ts_offset', String(MEDIA_TIME_OFFSET_SECONDS + options.offsetSeconds),
  '-flush_packets', '1', ...(options.more ?? []), `pipe:${options.pipe}`,
]

/** A stream that needs no picture encoding, and where to go on with it. */
export interface Lane {
  name: string
  /** Seconds of the media that are stored already. */
  fromSeconds: number
}

/** Stream copy of the source rung, and every audio track: quick, so it runs first. Pipe 3 + n is `lanes[n]`. */
export function directArgs(options: { info: MediaInfo; ladder: Ladder; lanes: Lane[] }) {
  const { info, ladder, lanes } = options
  const seek = ({ fromSeconds }: Lane) => (fromSeconds > 0 ? ['-ss', fromSeconds.toFixed(6)] : [])
  const outputs = lanes.flatMap((lane, n) => {
    const track = ladder.audio.find((audio) => audio.name === lane.name)
    const place = { offsetSeconds: lane.fromSeconds, pipe: 3 + n }
    if (!track) {
      const more = ['-min_frag_duration', '3000000']
      return ['-map', `${n}:${info.video!.index}`, '-c:v', 'copy', ...fragmentArgs({ ...place, flags: 'frag_keyframe+', more })]
    }
    const codec = track.isCopyable
      ? ['-c:a', 'copy']
      : ['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-ar', '48000', '-af', 'aresample=async=1:first_pts=0']
    return ['-map', `${n}:${track.index}`, ...codec, ...fragmentArgs({ ...place, flags: '', more: ['-frag_duration', '4000000'] })]
  })
  return [...quietArgs, ...lanes.flatMap((lane) => inputArgs(info.demuxer, seek(lane))), ...outputs]
}

/** Decodes once, scales in a cascade, encodes every rung. Pipe 3 + n is `ladder.encodes[n]`. */
export function encodeArgs(options: { info: MediaInfo; ladder: Ladder; fromSegment: number; threads: number }) {
  const { info, ladder, fromSegment } = options
  const fromSeconds = segmentStart(fromSegment)
  const seek = fromSeconds > 0 ? ['-ss', String(fromSeconds)] : []
  // The grid of segmentStart(), counted on from where this run starts.
  const count = `(n_forced+${fromSegment})`
  const grid = `expr:gte(t+${fromSeconds},if(lt(${count},3),${count},4*(${count}-2))-0.0005)`
  const outputs = ladder.encodes.flatMap((rung, n) => [
    '-map', `[out${n}]`, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-profile:v', 'high',
    '-maxrate', String(rung.maxRateBps), '-bufsize', String(2 * rung.maxRateBps), '-pix_fmt', 'yuv420p',
    '-g', '9999', '-keyint_min', '9999', '-sc_threshold', '0', '-force_key_frames', grid, '-video_track_timescale', '90000',
    ...fragmentArgs({ offsetSeconds: fromSeconds, pipe: 3 + n, flags: 'frag_keyframe+' }),
  ])
  return [
    ...quietArgs, '-progress', 'pipe:1', '-stats_period', '0.5', '-threads', String(options.threads),
    ...inputArgs(info.demuxer, ['-max_pixels', String(8192 * 8192), ...seek]),
    '-filter_complex', cascade(info.video!, ladder.encodes), '-vsync', 'vfr', ...outputs,
  ]
}

function cascade(video: NonNullable<MediaInfo['video']>, rungs: Rung[]) {
  const prepare = [
    video.isInterlaced && 'bwdif=deint=interlaced',
    video.frameRate > 60 && 'fps=60',
    video.isHdr && 'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv',
    'format=yuv420p',
  ].filter(Boolean)
  const steps = rungs.map((rung, n) => {
    const from = n === 0 ? `[0:${video.index}]${prepare.join(',')},` : `[next${n}]`
    const scale = `scale=${rung.width}:${rung.height}:flags=bicubic,setsar=1`
    return `${from}${scale}${n < rungs.length - 1 ? `,split=2[out${n}][next${n + 1}]` : `[out${n}]`}`
  })
  return steps.join(';')
}
