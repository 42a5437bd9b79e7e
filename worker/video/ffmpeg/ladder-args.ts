import { type Ladder, type Rung } from '@/lib/videos/ladder'
import type { MediaInfo, VideoTrackInfo } from '@/lib/videos/media-info'
import { SANDBOX_INPUT_PATH } from '@/worker/process/bwrap-args'

/**
 * All media time is shifted by this, so that B-frames never make a decoding time negative, which MP4
 * fragments cannot say. Players subtract it; Apple's segmenter uses the same ten seconds.
 */
export const MEDIA_TIME_OFFSET_SECONDS = 10

/**
 * How long before the wanted moment decoding starts: a seek lands on a key frame in containers with an
 * index, and at best near it in others. The frame before it is needed where a picture stands still.
 */
const SEEK_LEAD_SECONDS = { indexed: 1, other: 20 }
/**
 * Browsers place a fragment by its decoding time, which B-frames put two frames before its first picture.
 * That is a moment at usual rates, and seconds in a slide show.
 */
const MIN_B_FRAME_RATE = 20
/** Containers that keep AAC with a header per packet, which MP4 does not. */
const ADTS_CONTAINERS = ['mpegts', 'mpeg', 'aac']
const INDEXED_CONTAINERS = ['mov', 'matroska']

/** The guards that every ffmpeg run on a stranger's file has, up to and including its input. */
export const inputArgs = (demuxer: string, beforeInput: string[] = []) => [
  '-protocol_whitelist',
  'file,pipe',
  '-format_whitelist',
  demuxer,
  '-max_pixels',
  String(8192 * 8192),
  '-f',
  demuxer,
  ...beforeInput,
  '-i',
  SANDBOX_INPUT_PATH,
]
export const quietArgs = ['-hide_banner', '-nostdin', '-v', 'error', '-nostats']

/** From high dynamic range to what every screen shows. */
export const HDR_TO_SDR_FILTER =
  'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv'

const fragmentArgs = (options: { pipe: number; flags: string; more?: string[] }) => [
  '-sn',
  '-dn',
  '-map_metadata',
  '-1',
  '-map_chapters',
  '-1',
  '-f',
  'mp4',
  '-movflags',
  `${options.flags}+default_base_moof+frag_discont`,
  '-use_editlist',
  '0',
  '-avoid_negative_ts',
  'disabled',
  '-output_ts_offset',
  String(MEDIA_TIME_OFFSET_SECONDS),
  '-flush_packets',
  '1',
  ...(options.more ?? []),
  `pipe:${options.pipe}`,
]

/**
 * Stream copy of the source rung, and every audio track: quick, so it always runs from the start and
 * what is stored already is passed over. Pipe 3 + n is `names[n]`.
 */
export function copyAndAudioArgs(options: { info: MediaInfo; ladder: Ladder; names: string[] }) {
  const { info, ladder, names } = options
  const outputs = names.flatMap((name, n) => {
    const track = ladder.audio.find((audio) => audio.name === name)
    // Some containers tell the decoder's set-up only with the first packet, so the header waits for it.
    const place = { pipe: 3 + n, flags: 'delay_moov' }
    if (!track) {
      const cut = { flags: 'frag_keyframe+delay_moov', more: ['-min_frag_duration', '3000000'] }
      return ['-map', `0:${info.video!.index}`, '-c:v', 'copy', ...fragmentArgs({ ...place, ...cut })]
    }
    const codec = track.isCopyable
      ? ['-c:a', 'copy', ...(ADTS_CONTAINERS.includes(info.demuxer) ? ['-bsf:a', 'aac_adtstoasc'] : [])]
      : ['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-ar', '48000', '-af', 'aresample=async=1:first_pts=0']
    return [
      '-map',
      `0:${track.index}`,
      ...codec,
      ...fragmentArgs({ ...place, more: ['-frag_duration', '4000000'] }),
    ]
  })
  // A file that was cut off ends with half a frame, which no player takes.
  return [...quietArgs, ...inputArgs(info.demuxer, ['-fflags', '+discardcorrupt']), ...outputs]
}

/**
 * Decodes once, scales in a cascade, encodes every rung from `fromSeconds` of the media on, which is
 * the start of a segment. Pipe 3 + n is `ladder.encodes[n]`.
 *
 * Frames come out at even times. Screen recordings and phones leave them out where nothing moves, and
 * browsers take that for a hole in the video.
 */
export function encodeArgs(options: {
  info: MediaInfo
  ladder: Ladder
  fromSeconds: number
  threads: number
}) {
  const { info, ladder, threads } = options
  const from = planSeek(options.fromSeconds, info)
  const outputs = ladder.encodes.flatMap((rung, n) => [
    '-map',
    `[out${n}]`,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '23',
    '-profile:v',
    'high',
    '-maxrate',
    String(rung.maxRateBps),
    '-bufsize',
    String(2 * rung.maxRateBps),
    '-pix_fmt',
    'yuv420p',
    '-g',
    '9999',
    '-keyint_min',
    '9999',
    '-sc_threshold',
    '0',
    '-force_key_frames',
    keyframeExpression(options.fromSeconds),
    ...(rung.frameRate < MIN_B_FRAME_RATE ? ['-bf', '0'] : []),
    '-video_track_timescale',
    '90000',
    ...fragmentArgs({ pipe: 3 + n, flags: 'frag_keyframe+empty_moov' }),
  ])
  return [
    ...quietArgs,
    '-progress',
    'pipe:1',
    '-stats_period',
    '0.5',
    '-threads',
    String(threads),
    ...inputArgs(info.demuxer, from.seek),
    '-filter_complex',
    scaleFilterGraph({ video: info.video!, rungs: ladder.encodes, from }),
    '-vsync',
    'vfr',
    ...outputs,
  ]
}

/** A key frame where the segment is another than that of the last one: `segmentAt` in ffmpeg's words. */
function keyframeExpression(fromSeconds: number) {
  // ffmpeg counts this time from the first frame that is encoded; the little more is for rounding.
  const segmentOf = (time: string) => {
    const t = `(${time}+${(fromSeconds + 0.0005).toFixed(6)})`
    return `floor(if(lt(${t},2),${t},${t}/4+2))`
  }
  return `expr:if(isnan(prev_forced_t),1,gt(${segmentOf('t')},${segmentOf('prev_forced_t')}))`
}

/** How to get to a moment. Frames keep the times of the whole media, so that any run cuts it alike. */
function planSeek(seconds: number, { demuxer, video }: MediaInfo) {
  const { timeBaseSeconds } = video!
  const lead =
    INDEXED_CONTAINERS.includes(demuxer) && !video!.isVariableFrameRate
      ? SEEK_LEAD_SECONDS.indexed
      : SEEK_LEAD_SECONDS.other
  // A whole number of ticks, or ffmpeg would round all times behind it.
  const seekSeconds = Math.floor(Math.max(0, seconds - lead) / timeBaseSeconds) * timeBaseSeconds
  if (seconds === 0) return { seekSeconds, seek: [], shift: [], cut: [] }
  return {
    seekSeconds,
    seek: ['-ss', seekSeconds.toFixed(6)],
    shift: [`setpts=PTS+round(${seekSeconds.toFixed(6)}/TB)`],
    cut: [`trim=start=${(seconds - 0.001).toFixed(6)}`],
  }
}

function scaleFilterGraph(of: { video: VideoTrackInfo; rungs: Rung[]; from: ReturnType<typeof planSeek> }) {
  const { video, rungs, from } = of
  const prepare = [
    ...from.shift,
    video.isInterlaced && 'bwdif=deint=interlaced',
    `fps=${rungs[0]!.frameRate}:start_time=${from.seekSeconds.toFixed(6)}`,
    ...from.cut,
    video.isHdr && HDR_TO_SDR_FILTER,
    'format=yuv420p',
  ].filter(Boolean)
  const steps = rungs.map((rung, n) => {
    const input = n === 0 ? `[0:${video.index}]${prepare.join(',')},` : `[next${n}]`
    const scale = `scale=${rung.width}:${rung.height}:flags=bicubic,setsar=1`
    return `${input}${scale}${n < rungs.length - 1 ? `,split=2[out${n}][next${n + 1}]` : `[out${n}]`}`
  })
  return steps.join(';')
}
