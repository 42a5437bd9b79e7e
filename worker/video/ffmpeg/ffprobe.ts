import { open } from 'node:fs/promises'
import { z } from 'zod'
import { PermanentError } from '@/lib/errors'
import { DEMUXERS } from '@/lib/videos/demuxers'
import { findFileType, notMediaError, SNIFF_BYTES } from '@/lib/videos/file-types'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { SANDBOX_INPUT_PATH } from '@/worker/process/bwrap-args'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'

const tagsSchema = z.record(z.string(), z.string())
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
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_primaries: z.string().optional(),
  color_transfer: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  time_base: z.string().optional(),
  duration: z.coerce.number().optional(),
  channels: z.number().optional(),
  channel_layout: z.string().optional(),
  sample_rate: z.coerce.number().optional(),
  tags: tagsSchema.optional(),
  disposition: z.record(z.string(), z.number()).optional(),
  side_data_list: z
    .array(z.object({ rotation: z.number().optional(), displaymatrix: z.string().optional() }))
    .optional(),
})
const formatSchema = z.object({
  format_name: z.string(),
  duration: z.coerce.number().optional(),
  start_time: z.coerce.number().optional(),
  tags: tagsSchema.optional(),
})
const chapterSchema = z.object({ start_time: z.string().optional(), tags: tagsSchema.optional() })
const outputSchema = z.object({
  streams: z.array(streamSchema).default([]),
  chapters: z.array(chapterSchema).default([]),
  format: formatSchema,
})

export type ProbedStream = z.infer<typeof streamSchema>

export interface ProbeTarget {
  path: string
  /** Default: any of DEMUXERS, by the content of the file. */
  demuxer?: string
  signal: AbortSignal
  /** Address space of the program, in bytes. */
  memoryBytes: number
}

/** Usual output is one or two megabytes; a file that produces more may be an attack on memory. */
const MAX_OUTPUT_BYTES = 64 * 1024 ** 2

export type ProbedFile = Awaited<ReturnType<typeof readStreams>>

/**
 * Reads the streams, the chapters and the container. Chapters that do not fit into MAX_OUTPUT_BYTES are left out.
 * @throws {PermanentError} video.not_media, video.unreadable
 */
export async function readStreams(target: ProbeTarget) {
  const show = ['-show_format', '-show_streams']
  const output =
    (await readOutput(target, [...show, '-show_entries', 'chapter=start_time:chapter_tags=title'])) ??
    (await readOutput(target, show))
  if (!output) throw unreadableVideo('metadata')
  const { format, ...found } = outputSchema.parse(JSON.parse(output))
  // A demuxer of several formats lists their names.
  const demuxer = DEMUXERS.find((name) => format.format_name.split(',').includes(name))
  if (!demuxer) throw new PermanentError(notMediaError(format.format_name))
  return { ...found, format, demuxer }
}

/** Runs ffprobe and returns its JSON, or null if that is longer than MAX_OUTPUT_BYTES. */
async function readOutput(target: ProbeTarget, show: string[]) {
  const overflow = new AbortController()
  const signal = AbortSignal.any([target.signal, overflow.signal])
  const run = startFfprobe({ ...target, signal }, ['-of', 'json', ...show])
  const chunks: Buffer[] = []
  let bytes = 0
  run.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= MAX_OUTPUT_BYTES) chunks.push(chunk)
    else overflow.abort()
  })
  try {
    await waitForProbe(run.exited, target)
  } catch (error) {
    if (overflow.signal.aborted && !target.signal.aborted) return null
    throw error
  }
  return Buffer.concat(chunks).toString()
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
      target.demuxer ?? DEMUXERS.join(','),
      ...(target.demuxer ? ['-f', target.demuxer] : []),
      ...show,
      SANDBOX_INPUT_PATH,
    ],
    inputPath: target.path,
    signal: target.signal,
    memoryBytes: target.memoryBytes,
    wallClockMs: 60 * 60_000,
  })

/** @throws {PermanentError} video.not_media, video.unreadable */
export async function waitForProbe(run: Promise<void>, { path, demuxer }: ProbeTarget) {
  try {
    await run
  } catch (error) {
    if (!(error instanceof SandboxFailure)) throw error
    if (error.reason === 'wall_clock' || error.reason === 'stalled') throw unreadableVideo('slow', error)
    const type = demuxer ? undefined : await findTypeOf(path)
    const isUnknown = !demuxer && (!type?.mayBeMedia || error.stderr.includes('not on whitelist'))
    throw isUnknown
      ? new PermanentError({ ...notMediaError(type?.name), cause: error })
      : unreadableVideo(unreadableReason(error.stderr), error)
  }
}

async function findTypeOf(path: string) {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0)
    return await findFileType(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

const unreadableReason = (stderr: string) =>
  /moov atom not found|End of file|partial file|truncat/i.test(stderr) ? 'endsEarly' : 'damaged'
