import { type Ladder, type Rung } from '@/lib/videos/ladder'
import type { MediaInfo, PictureInfo } from '@/lib/videos/media-info'
import { GUEST_INPUT } from '@/worker/sandbox/sandbox'

/**
 * All media time is shifted by this, so that B-frames never make a decoding time negative, which MP4
 * fragments cannot say. Players subtract it; Apple's segmenter uses the same ten seconds.
 */
export const MEDIA_TIME_OFFSET_SECONDS = 10

/** A frame this much before the border of a segment belongs behind it: times are rounded in many files. */
const ROUNDING_SECONDS = 0.0005

/** Containers whose index leads to the key frame before any moment. In others a seek may land behind it. */
const INDEXED = ['mov', 'matroska']
const LEAD_SECONDS = 20

/** The guards that every ffmpeg run on a stranger's file has, up to and including its input. */
export const inputArgs = (demuxer: string, beforeInput: string[] = []) => [
  '-protocol_whitelist', 'file,pipe', '-format_whitelist', demuxer, '-max_pixels', String(8192 * 8192),
  '-f', demuxer, ...beforeInput, '-i', GUEST_INPUT,
]
export const quietArgs = ['-hide_banner', '-nostdin', '-v', 'error', '-nostats']

const fragmentArgs = (options: { offsetSeconds: number; pipe: number; flags: string; more?: string[] }) => [
  '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1',
  '-f', 'mp4', '-movflags', `${options.flags}+default_base_moof+frag_discont`, '-use_editlist', '0',
  '-avoid_negative_ts', 'disabled', '-output_ts_offset', (MEDIA_TIME_OFFSET_SECONDS + options.offsetSeconds).toFixed(6),
  '-flush_packets', '1', ...(options.more ?? []), `pipe:${options.pipe}`,
]

/**
 * Stream copy of the source rung, and every audio track: quick, so it always runs from the start and
 * what is stored already is passed over. Pipe 3 + n is `names[n]`.
 */
export function directArgs(options: { info: MediaInfo; ladder: Ladder; names: string[] }) {
  const { info, ladder, names } = options
  const outputs = names.flatMap((name, n) => {
    const track = ladder.audio.find((audio) => audio.name === name)
    // Some containers tell the decoder's set-up only with the first packet, so the header waits for it.
    const place = { offsetSeconds: 0, pipe: 3 + n, flags: 'delay_moov' }
    if (!track) {
      const cut = { flags: 'frag_keyframe+delay_moov', more: ['-min_frag_duration', '3000000'] }
      return ['-map', `0:${info.video!.index}`, '-c:v', 'copy', ...fragmentArgs({ ...place, ...cut })]
    }
    const codec = track.isCopyable
      ? ['-c:a', 'copy']
      : ['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-ar', '48000', '-af', 'aresample=async=1:first_pts=0']
    return ['-map', `0:${track.index}`, ...codec, ...fragmentArgs({ ...place, more: ['-frag_duration', '4000000'] })]
  })
  return [...quietArgs, ...inputArgs(info.demuxer), ...outputs]
}

/**
 * Decodes once, scales in a cascade, encodes every rung from `fromSeconds` of the media on, which is
 * the start of a segment. Pipe 3 + n is `ladder.encodes[n]`.
 */
export function encodeArgs(options: { info: MediaInfo; ladder: Ladder; fromSeconds: number; threads: number }) {
  const { info, ladder, threads } = options
  const from = startAt(options.fromSeconds, info.demuxer)
  const outputs = ladder.encodes.flatMap((rung, n) => [
    '-map', `[out${n}]`, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-profile:v', 'high',
    '-maxrate', String(rung.maxRateBps), '-bufsize', String(2 * rung.maxRateBps), '-pix_fmt', 'yuv420p',
    '-g', '9999', '-keyint_min', '9999', '-sc_threshold', '0', '-force_key_frames', keyframeExpression(from.outputSeconds),
    // Frames keep their own times: the usual time base, one frame, would round them.
    '-enc_time_base', '1:90000', '-video_track_timescale', '90000',
    ...fragmentArgs({ offsetSeconds: from.outputSeconds, pipe: 3 + n, flags: 'frag_keyframe+empty_moov' }),
  ])
  return [
    ...quietArgs, '-progress', 'pipe:1', '-stats_period', '0.5', '-threads', String(threads),
    ...inputArgs(info.demuxer, from.seek),
    '-filter_complex', cascade(info.video!, ladder.encodes, from.filters), '-vsync', 'vfr', ...outputs,
  ]
}

/** How ffmpeg gets to the first frame at or behind a moment, and which time it then gives that frame. */
function startAt(fromSeconds: number, demuxer: string) {
  const outputSeconds = Math.max(0, fromSeconds - ROUNDING_SECONDS)
  if (outputSeconds === 0) return { outputSeconds, seek: [], filters: [] }
  if (INDEXED.includes(demuxer)) return { outputSeconds, seek: ['-ss', outputSeconds.toFixed(6)], filters: [] }
  const seekSeconds = Math.max(0, outputSeconds - LEAD_SECONDS)
  const lead = (outputSeconds - seekSeconds).toFixed(6)
  return { outputSeconds, seek: ['-ss', seekSeconds.toFixed(6)], filters: [`trim=start=${lead}`, `setpts=PTS-${lead}/TB`] }
}

/** A key frame where the segment is another than that of the last key frame; `segmentAt` in ffmpeg's words. */
function keyframeExpression(fromSeconds: number) {
  const segmentAt = (time: string) => {
    const t = `(${time}+${(fromSeconds + ROUNDING_SECONDS).toFixed(6)})`
    return `floor(if(lt(${t},2),${t},${t}/4+2))`
  }
  return `expr:if(isnan(prev_forced_t),1,gt(${segmentAt('t')},${segmentAt('prev_forced_t')}))`
}

function cascade(video: PictureInfo, rungs: Rung[], before: string[]) {
  const prepare = [
    ...before,
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
