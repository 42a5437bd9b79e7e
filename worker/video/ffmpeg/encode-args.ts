import type { Chunk } from '@/lib/videos/chunks'
import type { Ladder, Rung } from '@/lib/videos/ladder'
import type { MediaInfo, VideoTrackInfo } from '@/lib/videos/media-info'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import type { HardwareOptions } from '../encoders/hardware'
import { encoderArgs } from './encoder-args'
import { fragmentArgs } from './fragment-args'
import { decoderArgs, pictureFilters } from './picture-filters'
import { FRAME_TOLERANCE_SECONDS, planSeek, shownFromSeconds } from './seek-plan'

/**
 * ffmpeg arguments that decode a chunk once, scale in a cascade and encode every rung. Pipe 3 + n is
 * `ladder.encodes[n]`. Software creates the same pictures on every computer (decision 0067).
 *
 * The frame rate is constant, because browsers treat skipped frames, as in screen recordings while nothing moves, as a
 * gap in the video.
 */
export function encodeArgs(options: {
  info: MediaInfo
  ladder: Ladder
  chunk: Chunk
  /** Of the decoder. */
  threads: number
  /** Default: software. */
  hardware?: HardwareOptions
  /** Of H.264. Default: 0. */
  parameterSetId?: number
}) {
  const { info, ladder, chunk, threads, hardware, parameterSetId } = options
  const from = planSeek(chunk, info, ladder.encodes[0]!.frameRate)
  const outputs = ladder.encodes.flatMap((rung, n) => [
    '-map',
    `[out${n}]`,
    ...encoderArgs(rung, hardware),
    ...(parameterSetId === undefined ? [] : parameterSetArgs(parameterSetId)),
    '-force_key_frames',
    keyframeExpression(firstFrameSeconds(chunk, info.video!, rung)),
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
    ...(hardware?.deviceArgs ?? []),
    ...inputArgs(info.demuxer, [...decoderArgs(info.video!), ...from.seek]),
    '-filter_complex',
    scaleFilterGraph({ video: info.video!, rungs: ladder.encodes, from, upload: hardware?.upload }),
    '-vsync',
    'vfr',
    ...outputs,
  ]
}

export const parameterSetArgs = (id: number) => ['-x264-params', `sps-id=${id}`]

/** The time of the first frame of a chunk. Frame n is at n / frame rate. */
function firstFrameSeconds({ startSeconds }: Chunk, video: VideoTrackInfo, { frameRate }: Rung) {
  const from = Math.max(startSeconds, shownFromSeconds(video, frameRate))
  return Math.ceil((from - FRAME_TOLERANCE_SECONDS) * frameRate - 1e-6) / frameRate
}

/** Forces a key frame at the start of each segment: `segmentIndexAt` as an ffmpeg expression. */
function keyframeExpression(firstSeconds: number) {
  // ffmpeg counts this time from the first encoded frame.
  const segmentOf = (time: string) => {
    const t = `(${time}+${(firstSeconds + FRAME_TOLERANCE_SECONDS).toFixed(6)})`
    return `floor(if(lt(${t},2),${t},${t}/4+2))`
  }
  return `expr:if(isnan(prev_forced_t),1,gt(${segmentOf('t')},${segmentOf('prev_forced_t')}))`
}

interface ScaleOptions {
  video: VideoTrackInfo
  rungs: Pick<Rung, 'width' | 'height' | 'frameRate'>[]
  from: ReturnType<typeof planSeek>
  /** Filters before the encoder. */
  upload?: string
}

/** Filters the pictures of a chunk and scales them for each rung; pad `out0` is that of the first one. */
export function scaleFilterGraph({ video, rungs, from, upload }: ScaleOptions) {
  const prepare = [
    ...from.shift,
    video.isInterlaced && 'bwdif=deint=interlaced',
    `fps=${rungs[0]!.frameRate}:start_time=${from.seekSeconds.toFixed(6)}`,
    ...from.cut,
    ...pictureFilters(video),
    'format=yuv420p',
  ].filter(Boolean)
  const steps = rungs.map((rung, n) => {
    const input = n === 0 ? `[0:${video.index}]${prepare.join(',')},` : `[next${n}]`
    const scale = `scale=${rung.width}:${rung.height}:flags=bicubic,setsar=1`
    const scaled = upload ? `[scaled${n}]` : `[out${n}]`
    const output = n < rungs.length - 1 ? `,split=2${scaled}[next${n + 1}]` : scaled
    return `${input}${scale}${output}${upload ? `;${scaled}${upload}[out${n}]` : ''}`
  })
  return steps.join(';')
}
