import { createInterface } from 'node:readline'
import { z } from 'zod'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { SANDBOX_INPUT_PATH } from '@/worker/process/bwrap-args'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'

const streamSchema = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().default('unknown'),
  codec_tag_string: z.string().default(''),
  profile: z.string().optional(),
  level: z.number().optional(),
  pix_fmt: z.string().optional(),
  bits_per_raw_sample: z.coerce.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  field_order: z.string().optional(),
  color_transfer: z.string().optional(),
  has_b_frames: z.number().default(0),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  time_base: z.string().optional(),
  duration: z.coerce.number().optional(),
  channels: z.number().optional(),
  sample_rate: z.coerce.number().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  disposition: z.record(z.string(), z.number()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
})
const packetSchema = z.object({
  stream_index: z.number(),
  pts_time: z.coerce.number().optional(),
  duration_time: z.coerce.number().optional(),
  flags: z.string().default(''),
})
const outputSchema = z.object({
  streams: z.array(streamSchema).default([]),
  packets: z.array(packetSchema).default([]),
  format: z.object({ duration: z.coerce.number().optional() }).optional(),
})

export type ProbedStream = z.infer<typeof streamSchema>
export type ProbedPacket = z.infer<typeof packetSchema>

export interface ProbeTarget {
  path: string
  demuxer: string
  signal: AbortSignal
  /** Address space of the program, in bytes. */
  memoryBytes: number
}

/** Duration of the part at the start of the file whose packets are read. */
export const PACKET_WINDOW_SECONDS = 30

/** Usual output is one or two megabytes; a file that produces more may be an attack on memory. */
const MAX_OUTPUT_BYTES = 64 * 1024 ** 2

/**
 * Reads the streams, the container and the packets at the start of the file.
 * @throws {PermanentError} video.unreadable
 */
export async function readStreams(target: ProbeTarget) {
  const show = [
    '-show_format',
    '-show_streams',
    '-show_entries',
    'packet=stream_index,pts_time,duration_time,flags',
    '-read_intervals',
    `%+${PACKET_WINDOW_SECONDS}`,
  ]
  const overflow = new AbortController()
  const signal = AbortSignal.any([target.signal, overflow.signal])
  const run = startFfprobe({ ...target, signal }, ['-of', 'json', ...show])
  const chunks: Buffer[] = []
  let bytes = 0
  run.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= MAX_OUTPUT_BYTES) chunks.push(chunk)
    else overflow.abort(unreadableVideo('its metadata is too large'))
  })
  await waitForFfprobe(run.exited)
  return outputSchema.parse(JSON.parse(Buffer.concat(chunks).toString()))
}

/** Reads the whole file to find its last packet, because some recorders, such as browsers, write no duration. */
export async function measureDuration(target: ProbeTarget) {
  const run = startFfprobe(target, ['-of', 'csv=p=0', '-show_entries', 'packet=pts_time,duration_time'])
  let endSeconds = 0
  const reading = (async () => {
    for await (const line of createInterface({ input: run.stdout })) {
      const [pts, duration] = line.split(',').map(Number)
      endSeconds = Math.max(endSeconds, (pts || 0) + (duration || 0))
    }
  })()
  await Promise.all([waitForFfprobe(run.exited), reading])
  return endSeconds
}

const startFfprobe = (target: ProbeTarget, show: string[]) =>
  runSandboxed({
    program: 'ffprobe',
    args: [
      '-v',
      'error',
      '-protocol_whitelist',
      'file',
      '-format_whitelist',
      target.demuxer,
      '-f',
      target.demuxer,
      ...show,
      SANDBOX_INPUT_PATH,
    ],
    inputPath: target.path,
    signal: target.signal,
    memoryBytes: target.memoryBytes,
    wallClockMs: 10 * 60_000,
  })

async function waitForFfprobe(run: Promise<void>) {
  try {
    await run
  } catch (error) {
    if (error instanceof SandboxFailure) throw unreadableVideo(unreadableReason(error.stderr), error)
    throw error
  }
}

const unreadableReason = (stderr: string) =>
  /moov atom not found|End of file|partial file|truncat/i.test(stderr)
    ? 'the file ends early'
    : 'the file is damaged'
