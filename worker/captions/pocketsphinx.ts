import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/caption-errors'
import { NICENESS } from '@/worker/process/niceness'
import { SANDBOX_INPUT_PATH } from '@/worker/process/bwrap-args'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'
import { findSpeech, toSamples, type SpeechSpan } from './find-speech'
import { isProfane } from './profanity'
import {
  BYTES_PER_SECOND,
  SAMPLE_RATE,
  type TranscriberSessionOptions,
  type Phrase,
  type TranscriptionRequest,
  type Transcriber,
} from './transcriber'

const PROGRAM = 'pocketsphinx_continuous'
const MODEL_DIR = '/usr/share/pocketsphinx/model/en-us'
/** Audio before the speech, from which the engine estimates the background noise. */
const LEAD_IN_SECONDS = 1
/** Words farther than this from detected speech are discarded as noise. */
const SPEECH_TOLERANCE_SECONDS = 0.3

export const hasPocketSphinx = () => existsSync(`/usr/bin/${PROGRAM}`) && existsSync(MODEL_DIR)

/** CMU PocketSphinx with Debian's English model. About half of the words are right, but it downloads nothing. */
export const pocketSphinx: Transcriber = {
  name: 'pocketsphinx',
  title: 'PocketSphinx',
  model: 'en-us',
  isLowAccuracy: true,
  languages: ['en'],
  canTranslate: false,
  audioFilter: 'highpass=f=120',
  open: async (options) => ({
    lanes: 1,
    transcribe: async (request) => ({ phrases: await transcribe(options, request), language: 'en' }),
    peakMemoryBytes: () => 0,
    close: async () => undefined,
  }),
}

async function transcribe(options: TranscriberSessionOptions, { samples }: TranscriptionRequest) {
  const speech = findSpeech(samples)
  if (speech.length === 0) return []
  const from = Math.max(0, speech[0]!.startSeconds - LEAD_IN_SECONDS)
  const to = speech.at(-1)!.endSeconds + LEAD_IN_SECONDS
  const inputPath = path.join(options.scratchDir, `${randomUUID()}.raw`)
  await writeFile(inputPath, amplify(samples.subarray(byteOffset(from), byteOffset(to))))
  try {
    const run = runSandboxed({
      program: PROGRAM,
      args: ['-infile', SANDBOX_INPUT_PATH, '-time', 'yes', '-logfn', '/dev/null'],
      inputPath,
      signal: options.signal,
      memoryBytes: options.memoryBytes,
      niceness: options.niceness ?? NICENESS.transcription,
      wallClockMs: 120_000 + (30_000 * samples.length) / BYTES_PER_SECOND,
    })
    let output = ''
    run.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await run.exited
    return parsePhrases(output, { speech, offsetSeconds: from })
  } catch (error) {
    if (!(error instanceof SandboxFailure)) throw error
    const message = messages.pocketsphinxFailed()
    throw new AppError({ code: 'captions.engine_failed', message, status: 500, cause: error })
  } finally {
    await rm(inputPath, { force: true })
  }
}

const byteOffset = (seconds: number) => 2 * Math.round(seconds * SAMPLE_RATE)

const FULL_SCALE = 32_767
const MAX_GAIN = 4

/** The model was trained on loud, close speech. */
function amplify(bytes: Buffer) {
  const samples = toSamples(bytes)
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  const gain = Math.min(MAX_GAIN, (0.9 * FULL_SCALE) / peak)
  return Buffer.from(samples.map((value) => Math.round(value * gain)).buffer)
}

const WORD_LINE = /^(\S+) (\d+\.\d+) (\d+\.\d+) (\d+\.\d+)$/

/**
 * Parses the output: one line of text per phrase, then one line per word, such as `country(2) 5.870 6.430 0.366`. Leaves
 * profanities out.
 */
export function parsePhrases(
  output: string,
  { speech, offsetSeconds }: { speech: readonly SpeechSpan[]; offsetSeconds: number },
): Phrase[] {
  const isSpoken = ({ startSeconds, endSeconds }: SpeechSpan) =>
    speech.some(
      (span) =>
        startSeconds < span.endSeconds + SPEECH_TOLERANCE_SECONDS &&
        endSeconds > span.startSeconds - SPEECH_TOLERANCE_SECONDS,
    )
  const phrases: NonNullable<Phrase['words']>[] = [[]]
  for (const line of output.split('\n')) {
    const [, name, from, to, confidence] = WORD_LINE.exec(line.trim()) ?? []
    if (!name) continue
    if (name === '<s>') phrases.push([])
    // `<sil>`, `[SPEECH]` and `++NOISE++` are not words.
    if (/^[<[+]/.test(name)) continue
    const word = {
      text: name.replace(/\(\d+\)$/, ''),
      startSeconds: Number(from) + offsetSeconds,
      endSeconds: Number(to) + offsetSeconds,
      confidence: Math.min(1, Number(confidence)),
    }
    // About half of its words are wrong, and their confidence says nothing, so it is never sure of them.
    if (isSpoken(word) && !isProfane(word.text)) phrases.at(-1)!.push(word)
  }
  return phrases.filter((words) => words.length > 0).map(toPhrase)
}

const toPhrase = (words: NonNullable<Phrase['words']>): Phrase => ({
  startSeconds: words[0]!.startSeconds,
  endSeconds: words.at(-1)!.endSeconds,
  text: words.map((word) => word.text).join(' '),
  confidence: words.reduce((sum, word) => sum + (word.confidence ?? 0), 0) / words.length,
  words,
})
