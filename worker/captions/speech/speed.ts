import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { SingleFlight } from '@/lib/concurrency/single-flight'
import { runProgram } from '@/worker/process/run-program'
import * as messages from '@/lib/generated/messages/caption-tasks'
import { BYTES_PER_SECOND, SAMPLE_RATE } from '../transcriber'
import type { SpeechModel } from './models'
import { createSpeechTranscriber } from './speech-transcriber'

const speedSchema = z.object({
  /** Seconds of computing per second of speech. */
  realTimeFactor: z.number().positive(),
  cpu: z.string(),
  threads: z.number(),
})

interface Options {
  /** Folder of all models. */
  dir: string
  threads: number
}

/** A slower model would not keep up with a video, whose sound is decoded and whose pictures are encoded meanwhile. */
export const MAX_REAL_TIME_FACTOR = 0.8

/** A model that was too slow is measured again then, because the computer may have been busy. */
const RETRY_MS = 24 * 60 * 60_000

const measurements = new SingleFlight<() => string>()
const ROUNDS = 2
/** A synthetic voice takes 15 s for it. */
const MEASURED_TEXT =
  'This is a test of the speed of speech recognition on this computer. It is spoken by a synthetic voice, because the ' +
  'number of words matters as much as the duration. A good model transcribes it in a fraction of the time that it takes ' +
  'to listen to it.'

/** The real-time factor of a model on this computer; null unless it was measured with this CPU and as many threads. */
export async function readSpeed(model: SpeechModel, { dir, threads }: Options) {
  const text = await readFile(speedFile(model, dir), 'utf8').catch(() => '')
  const { data } = speedSchema.safeParse(parseJson(text))
  return data?.cpu === cpuName() && data.threads === threads ? data.realTimeFactor : null
}

/** "real-time factor 0.12", in the language of administrators. */
export function describeSpeed(realTimeFactor: number | null) {
  if (realTimeFactor === null) return 'speed not measured'
  const problem = realTimeFactor < MAX_REAL_TIME_FACTOR ? '' : ', too slow to keep up'
  return `real-time factor ${realTimeFactor.toFixed(2)} here${problem}`
}

interface MeasureOptions extends Options {
  memoryBytes: number
  signal: AbortSignal
  onStage?(stage: string): void
}

/** The real-time factor of a model, measured if it is unknown, or was too slow a day ago; null if it cannot be measured. */
export async function findSpeed(model: SpeechModel, options: MeasureOptions) {
  const known = await readSpeed(model, options)
  if (known !== null && (known < MAX_REAL_TIME_FACTOR || !(await isOutdated(model, options)))) return known
  return measureSpeed(model, options).catch(() => {
    options.signal.throwIfAborted()
    return null
  })
}

async function isOutdated(model: SpeechModel, { dir }: Options) {
  const { mtimeMs } = await stat(speedFile(model, dir))
  return Date.now() - mtimeMs > RETRY_MS
}

/**
 * Measures how fast a model transcribes a synthetic voice with all lanes, and stores it beside the model. The faster of two rounds counts.
 * @throws {AppError} if ffmpeg has no synthetic voice, or as transcribers do
 */
export async function measureSpeed(model: SpeechModel, options: MeasureOptions) {
  const { dir, threads, signal, onStage } = options
  return measurements.run(
    path.join(dir, model.folder),
    async (shared, report) => {
      report(() => messages.measuringModel({ title: model.title }))
      const realTimeFactor = await measure(model, { ...options, signal: shared })
      const speed = { realTimeFactor, cpu: cpuName(), threads }
      await writeFile(speedFile(model, dir), JSON.stringify(speed))
      return realTimeFactor
    },
    { signal, onProgress: (describe) => onStage?.(describe()) },
  )
}

async function measure(model: SpeechModel, { dir, threads, memoryBytes, signal }: MeasureOptions) {
  const scratchDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-speed-'))
  // Sandboxed programs have another user.
  await chmod(scratchDir, 0o777)
  try {
    const samples = await synthesizeVoice(path.join(scratchDir, 'voice'), signal)
    const session = await createSpeechTranscriber({ model, modelsDir: dir }).open({
      signal,
      threads,
      memoryBytes,
      scratchDir,
    })
    try {
      const seconds: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const startedAt = performance.now()
        const request = { samples, language: 'en', isTranslated: false }
        await Promise.all(Array.from({ length: session.lanes }, () => session.transcribe(request)))
        seconds.push((performance.now() - startedAt) / 1000 / session.lanes)
      }
      return Math.min(...seconds) / (samples.length / BYTES_PER_SECOND)
    } finally {
      await session.close()
    }
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

async function synthesizeVoice(file: string, signal: AbortSignal) {
  const args = ['-v', 'error', '-f', 'lavfi', '-i', `flite=text='${MEASURED_TEXT}':voice=slt`]
  const format = ['-ar', String(SAMPLE_RATE), '-ac', '1', '-f', 's16le', file]
  await runProgram({ file: 'ffmpeg', args: [...args, ...format], timeoutMs: 60_000, signal })
  return readFile(file)
}

const speedFile = (model: SpeechModel, dir: string) => path.join(dir, model.folder, 'speed.json')
const cpuName = () => cpus()[0]?.model ?? ''

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
