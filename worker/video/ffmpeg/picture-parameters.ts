import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'

/** The type of a sequence parameter set (ITU-T H.264, table 7-1), which states size, profile, level and color. */
const SPS = 7
/** More than any encoder writes for one set. */
const MAX_UNIT_BYTES = 4_096

/**
 * Whether all of an H.264 track has the same sequence parameters. A copy of one that does not cannot be played where they
 * change: the init segment describes the first ones only.
 */
export async function hasUniformPicture(options: {
  path: string
  demuxer: string
  streamIndex: number
  signal: AbortSignal
  memoryBytes: number
}) {
  const stop = new AbortController()
  const run = runSandboxed({
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
    program: 'ffmpeg',
    inputPath: options.path,
    pipes: 1,
    wallClockMs: 60 * 60_000,
    args: [
      ...quietArgs,
      // Shows that it makes progress.
      '-progress',
      'pipe:1',
      // A set takes effect at a key frame only, and some containers let others be skipped.
      ...inputArgs(options.demuxer, ['-discard:v', 'nokey']),
      '-map',
      `0:${options.streamIndex}`,
      '-c',
      'copy',
      '-bsf:v',
      `h264_mp4toannexb,filter_units=pass_types=${SPS}`,
      '-f',
      'h264',
      'pipe:3',
    ],
  })
  run.stdout.resume()
  const found = new Set<string>()
  const isOver = () => found.size > 1
  let rest = ''
  const reading = (async () => {
    for await (const chunk of run.pipes[0] as AsyncIterable<Buffer>) {
      const units = (rest + chunk.toString('latin1')).split(START_CODE)
      rest = units.pop()!
      for (const unit of units) if (!isOver()) addUnit(found, unit)
      if (isOver() || rest.length > MAX_UNIT_BYTES) return stop.abort(new Error('not uniform'))
    }
  })()
  try {
    await Promise.all([run.exited, reading])
  } catch (error) {
    if (stop.signal.aborted || error instanceof SandboxFailure) return false
    throw error
  }
  addUnit(found, rest)
  return !isOver()
}

const START_CODE = '\0\0\u0001'

function addUnit(found: Set<string>, unit: string) {
  // A zero before a start code belongs to that.
  const content = unit.endsWith('\0') ? unit.slice(0, -1) : unit
  if (content !== '') found.add(content)
}
