import { runSandboxed } from '@/worker/process/sandbox'
import { collectRenditions } from './collect-segments'
import { copyAndAudioArgs } from './copy-args'
import { encodeArgs } from './encode-args'
import { readProgress } from './ffmpeg-progress'
import type { EncodeLadderOptions } from './ladder-options'
import { toMediaError } from './media-error'

/**
 * Creates every rendition of a file: stream copies and audio in one fast process, all encoded rungs in a second one.
 * Resumes after the stored segments. An abort kills both processes. `endSeconds` is the end of the decoded media, which
 * is before the stated duration if the file is truncated or damaged.
 * @throws {PermanentError} if the file cannot be decoded
 */
export async function encodeLadder(options: EncodeLadderOptions): Promise<{ endSeconds: number }> {
  const stop = new AbortController()
  const partOptions = { ...options, signal: AbortSignal.any([options.signal, stop.signal]) }
  const parts = [copySourceAndAudio(partOptions), encodeRungs(partOptions)].map((part) =>
    part.catch((error: unknown) => {
      stop.abort(error)
      throw error
    }),
  )
  await Promise.allSettled(parts)
  try {
    return { endSeconds: Math.max(...(await Promise.all(parts))) }
  } catch (error) {
    throw toMediaError(options.signal.aborted ? options.signal.reason : (stop.signal.reason ?? error))
  }
}

// A resumed run starts from the first packet: copying is fast, and only then are the segment boundaries and the state
// of the audio encoder the same.
async function copySourceAndAudio(options: EncodeLadderOptions) {
  const { ladder, stored } = options
  const names = [...(ladder.source ? ['source'] : []), ...ladder.audio.map((track) => track.name)]
  const unfinished = names.filter((name) => !stored.get(name)?.isDone)
  if (unfinished.length === 0) return storedEndSeconds(options, names)
  const run = startFfmpeg(options, copyAndAudioArgs({ ...options, names: unfinished }), unfinished.length)
  run.stdout.resume()
  return collectRenditions(
    options,
    run,
    unfinished.map((name, n) => {
      let skipped = 0
      const segments = stored.get(name)?.segments ?? 0
      return { name, pipe: run.pipes[n]!, isStored: () => skipped++ < segments }
    }),
  )
}

async function encodeRungs(options: EncodeLadderOptions) {
  const { ladder, stored } = options
  const names = ladder.encodes.map((rung) => rung.name)
  const encodes = ladder.encodes.filter((rung) => !stored.get(rung.name)?.isDone)
  if (encodes.length === 0) return storedEndSeconds(options, names)
  const fromSeconds = Math.min(...encodes.map((rung) => stored.get(rung.name)?.endSeconds ?? 0))
  const args = encodeArgs({ ...options, ladder: { ...ladder, encodes }, fromSeconds })
  const run = startFfmpeg(options, args, encodes.length)
  readProgress(run.stdout, options.onProgress)
  return collectRenditions(
    options,
    run,
    encodes.map(({ name }, n) => {
      const storedSeconds = stored.get(name)?.endSeconds ?? 0
      return {
        name,
        pipe: run.pipes[n]!,
        isStored: (startSeconds: number) => startSeconds < storedSeconds - 0.002,
      }
    }),
  )
}

const storedEndSeconds = ({ stored }: EncodeLadderOptions, names: string[]) =>
  Math.max(0, ...names.map((name) => stored.get(name)?.endSeconds ?? 0))

const startFfmpeg = (options: EncodeLadderOptions, args: string[], pipes: number) =>
  runSandboxed({ ...options, program: 'ffmpeg', args, inputPath: options.sourcePath, pipes })
