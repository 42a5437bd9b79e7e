import { z } from 'zod'
import { PermanentError } from '@/lib/errors'
import { demuxerOfFile, notMedia } from '@/lib/videos/containers'
import type { AudioTrackInfo, MediaInfo } from '@/lib/videos/media-info'
import { GUEST_INPUT, runSandboxed, SandboxFailure } from '@/worker/sandbox/sandbox'

const MAX_PIXELS = 8192 * 8192

const streamSchema = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().default('unknown'),
  profile: z.string().optional(),
  pix_fmt: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  field_order: z.string().optional(),
  color_transfer: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  duration: z.coerce.number().optional(),
  channels: z.number().optional(),
  sample_rate: z.coerce.number().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  disposition: z.record(z.string(), z.number()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
})
const outputSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ duration: z.coerce.number().optional() }).optional(),
})
type Stream = z.infer<typeof streamSchema>

interface ProbeOptions {
  path: string
  signal: AbortSignal
  memoryBytes: number
}

/**
 * Reads what is inside a media file.
 * @throws {PermanentError} video.not_media, video.unreadable or video.too_large, in a person's words.
 */
export async function probeMedia(options: ProbeOptions): Promise<MediaInfo> {
  const demuxer = await demuxerOfFile(options.path)
  if (!demuxer) throw new PermanentError(notMedia)
  const output = outputSchema.parse(JSON.parse(await ffprobe({ ...options, demuxer }, ['-show_format', '-show_streams'])))
  const picture = output.streams.find((s) => s.codec_type === 'video' && !s.disposition?.attached_pic && s.width && s.height)
  const audio = output.streams.filter((s) => s.codec_type === 'audio' && s.channels && s.codec_name !== 'unknown')
  if (!picture && audio.length === 0) {
    throw new PermanentError({
      code: 'video.no_streams',
      message: 'There is neither picture nor sound in this file.',
      advice: 'Check that it plays on your computer, then upload it again.',
    })
  }
  if (picture && picture.width! * picture.height! > MAX_PIXELS) {
    throw new PermanentError({
      code: 'video.too_large',
      message: `The picture is ${picture.width} × ${picture.height}, larger than can be processed.`,
      advice: 'Export it at 8192 × 8192 or less.',
    })
  }
  const stated = output.format?.duration ?? Math.max(0, ...output.streams.map((s) => s.duration ?? 0))
  const durationSeconds = stated > 0 ? stated : await measureDuration({ ...options, demuxer })
  if (!(durationSeconds > 0)) throw unreadable('it holds no frames')
  return { demuxer, durationSeconds, video: picture ? describePicture(picture) : null, audio: audio.map(describeAudio) }
}

async function ffprobe(options: ProbeOptions & { demuxer: string }, show: string[]) {
  const run = runSandboxed({
    program: 'ffprobe',
    args: [
      '-v', 'error', '-of', 'json', '-protocol_whitelist', 'file', '-format_whitelist', options.demuxer,
      '-f', options.demuxer, ...show, GUEST_INPUT,
    ],
    inputPath: options.path, signal: options.signal, memoryBytes: options.memoryBytes, wallClockMs: 10 * 60_000,
  })
  let text = ''
  run.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  try {
    await run.ended
    return text
  } catch (error) {
    if (error instanceof SandboxFailure) throw unreadable(whyUnreadable(error.stderr), error)
    throw error
  }
}

/** Some recorders (a browser's among them) write no duration: the last packet tells. */
async function measureDuration(options: ProbeOptions & { demuxer: string }) {
  const text = await ffprobe(options, ['-show_entries', 'packet=pts_time,duration_time'])
  const packet = z.object({ pts_time: z.coerce.number().optional(), duration_time: z.coerce.number().optional() })
  const { packets } = z.object({ packets: z.array(packet).default([]) }).parse(JSON.parse(text))
  return packets.reduce((end, p) => Math.max(end, (p.pts_time ?? 0) + (p.duration_time ?? 0)), 0)
}

function describePicture(s: Stream): NonNullable<MediaInfo['video']> {
  const rotation = Math.abs(s.side_data_list?.find((data) => data.rotation)?.rotation ?? 0) % 180
  const [sarWidth = 1, sarHeight = 1] = (s.sample_aspect_ratio ?? '1:1').split(':').map(Number)
  const pixelAspect = sarWidth > 0 && sarHeight > 0 ? sarWidth / sarHeight : 1
  const shown = { width: Math.round(s.width! * pixelAspect), height: s.height! }
  const isInterlaced = !['progressive', 'unknown', undefined].includes(s.field_order)
  const profiles = ['Constrained Baseline', 'Baseline', 'Main', 'High']
  const isUpright = !s.side_data_list?.some((data) => data.rotation)
  return {
    index: s.index,
    codec: s.codec_name,
    width: rotation === 90 ? shown.height : shown.width,
    height: rotation === 90 ? shown.width : shown.height,
    frameRate: ratio(s.avg_frame_rate) || ratio(s.r_frame_rate) || 25,
    isInterlaced,
    isHdr: ['smpte2084', 'arib-std-b67'].includes(s.color_transfer ?? ''),
    isWebSafe:
      s.codec_name === 'h264' && profiles.includes(s.profile ?? '') && s.pix_fmt === 'yuv420p' &&
      pixelAspect === 1 && isUpright && !isInterlaced && s.width! % 2 === 0 && s.height! % 2 === 0,
  }
}

function describeAudio(s: Stream): AudioTrackInfo {
  return {
    index: s.index,
    codec: s.codec_name,
    channels: s.channels ?? 2,
    sampleRate: s.sample_rate ?? 48_000,
    language: s.tags?.language && s.tags.language !== 'und' ? s.tags.language : null,
    title: s.tags?.title ?? null,
    isCopyable: s.codec_name === 'aac' && s.profile === 'LC' && (s.channels ?? 2) <= 2,
  }
}

function ratio(text = '') {
  const [above = 0, below = 0] = text.split('/').map(Number)
  return below > 0 ? above / below : 0
}

const whyUnreadable = (stderr: string) =>
  /moov atom not found|End of file|partial file|truncat/i.test(stderr) ? 'the file ends early' : 'the file is damaged'

export const unreadable = (why: string, cause?: unknown) =>
  new PermanentError({
    code: 'video.unreadable',
    message: `This file could not be read: ${why}.`,
    advice: 'Check that it plays on your computer, export or copy it again, and upload the new file.',
    cause,
  })
