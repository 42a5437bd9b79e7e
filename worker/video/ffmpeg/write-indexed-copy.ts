import type { Readable } from 'node:stream'
import { ADTS_DEMUXERS } from '@/lib/videos/demuxers'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'
import { requireSandboxFile } from '@/worker/process/sandbox-files'
import { countAdtsConfigurations } from './adts'
import { parseReports, reportArgs } from './demuxer-reports'
import type { ProbedFile } from './ffprobe'

const FILE = 'indexed.mkv'

/** Codecs that ffmpeg recognizes in Matroska again. It also writes others, such as those of Flash, but cannot read them. */
const MATROSKA_SOUND =
  /^(aac|mp[123]|e?ac3|dts|truehd|mlp|opus|vorbis|flac|alac|wmav[12]|wmapro|speex|pcm_([suf]\d|alaw|mulaw).*)$/

interface CopyOptions {
  path: string
  source: Pick<ProbedFile, 'demuxer' | 'streams' | 'format'>
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
}

/**
 * Copies the video and audio tracks of a file into Matroska: with an index, from 0, and with continuous times where those
 * of a transport stream jump. AAC whose configuration changes becomes FLAC, because Matroska states it once, and so does sound
 * that Matroska has no name for. Returns the path of the copy in `outputDir` and what the demuxer reported, or null if Matroska
 * cannot contain the tracks.
 */
export async function writeIndexedCopy(options: CopyOptions) {
  try {
    const lossless = listUnnamedSound(options.source)
    const { changing, stderr } = await copyTracks(options, { lossless })
    if (changing.length > 0) await copyTracks(options, { lossless: [...lossless, ...changing] })
    const path = await requireSandboxFile(options.outputDir, FILE)
    return { path, reports: parseReports(stderr, options.source.format.start_time) }
  } catch (error) {
    const isFull = error instanceof SandboxFailure && /No space left/i.test(error.stderr)
    if (error instanceof SandboxFailure && error.reason === 'exit' && !isFull) return null
    throw error
  }
}

/** The audio tracks of other codecs, by number. */
const listUnnamedSound = ({ streams }: CopyOptions['source']) =>
  streams
    .filter((s) => s.codec_type === 'audio')
    .flatMap((s, n) => (MATROSKA_SOUND.test(s.codec_name) ? [] : [n]))

/** Copies all tracks except `lossless`, and returns the audio tracks whose configuration changes, by number. */
async function copyTracks(options: CopyOptions, { lossless }: { lossless: number[] }) {
  const { demuxer, streams } = options.source
  const audio = streams.filter((s) => s.codec_type === 'audio')
  // Each packet of these containers states the configuration.
  const stating = ADTS_DEMUXERS.includes(demuxer)
    ? audio.flatMap((s, n) => (s.codec_name === 'aac' ? [n] : []))
    : []
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    inputPath: options.path,
    pipes: stating.length,
    wallClockMs: 2 * 60 * 60_000,
    args: [
      ...quietArgs,
      ...reportArgs,
      '-y',
      // Shows that it makes progress.
      '-progress',
      'pipe:1',
      ...inputArgs(demuxer, ['-fflags', '+genpts+discardcorrupt']),
      '-map',
      '0:V?',
      '-map',
      '0:a?',
      '-ignore_unknown',
      '-c',
      'copy',
      ...lossless.flatMap((n) => [`-c:a:${n}`, 'flac', `-ac:a:${n}`, '2']),
      '-f',
      'matroska',
      `${SANDBOX_OUTPUT_DIR}/${FILE}`,
      ...stating.flatMap((track, n) => ['-map', `0:a:${track}`, '-c', 'copy', '-f', 'adts', `pipe:${3 + n}`]),
    ],
  })
  run.stdout.resume()
  const counts = run.pipes.map((pipe) => countAdtsConfigurations(pipe as Readable))
  await Promise.all([run.exited, ...counts])
  const found = await Promise.all(counts)
  const changing = stating.filter((track, n) => found[n]! > 1 && !lossless.includes(track))
  return { changing, stderr: await run.stderr }
}
