import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { testModelDir } from '@/scripts/dev/test-model-dir.mjs'
import { neverAborted } from '@/tests/support/never-aborted'
import { findSpeechModels, TEST_MODEL } from '@/tests/support/speech-model'
import { hasVoices } from '@/tests/support/synthesize-voice'
import { calculateWordErrorRate } from '@/tests/support/word-errors'
import { splitAtPauses } from '@/worker/captions/audio-chunks'
import { buildCues, type GeneratedCue } from '@/worker/captions/build-cues'
import { SPEECH_MODELS, type SpeechModel } from '@/worker/captions/speech/models'
import { createSpeechTranscriber } from '@/worker/captions/speech/speech-transcriber'
import { BYTES_PER_SECOND, type TranscriberSession } from '@/worker/captions/transcriber'
import { preparePeers, runWhisperCpp } from './captions/peers'
import { writeWave } from './captions/talk'
import { measureMs, type Measurement, quantile } from './measurement'
import { readRecordedVoices } from './voices/recorded-voices'
import { type Piece, type Speech, textOf } from '@/tests/support/known-speech'
import { speakSentences, speakWordByWord } from '@/tests/support/synthetic-speeches'
import { findTimeErrors, type TimeErrors } from '@/tests/support/time-errors'

/** scripts/dev/test-model.mjs creates it on request only. It has the size of Whisper tiny, which no package contains. */
const TINY_ENGLISH: SpeechModel = {
  ...SPEECH_MODELS.tiny,
  title: 'tiny.en',
  folder: 'whisper-tiny.en',
  languages: ['en'],
  hasWordTimes: true,
}
const MODELS = [
  { name: 'base, times of words', model: TEST_MODEL },
  // As the hub publishes it.
  { name: 'base, times of phrases', model: SPEECH_MODELS.base },
  { name: 'tiny.en, times of words', model: TINY_ENGLISH },
  { name: 'tiny.en, times of phrases', model: { ...TINY_ENGLISH, hasWordTimes: false } },
  { name: 'moonshine-tiny', model: SPEECH_MODELS['moonshine-tiny'] },
]

/** Word error rates and errors of times, by model, on synthetic voices and on recordings of human voices. */
export async function benchmarkVoices(): Promise<Measurement[]> {
  if (!findSpeechModels() || !hasVoices() || !(await preparePeers())) return []
  const recorded = await readRecordedVoices()
  const synthetic = [...speakSentences(), ...speakWordByWord()]
  const rows: Measurement[] = []
  for (const { name, model } of MODELS) {
    if (!existsSync(path.join(testModelDir, model.folder))) continue
    const speeches = [...synthetic, ...recorded].filter(({ language }) => model.languages.includes(language))
    rows.push(...(await measureModel(name, model, speeches)))
  }
  return [...rows, ...(await measureWhisperCpp(recorded))]
}

async function measureModel(name: string, model: SpeechModel, speeches: readonly Speech[]) {
  const scratchDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-voices-'))
  const options = { signal: neverAborted, threads: cpus().length, memoryBytes: 4 * 1024 ** 3, scratchDir }
  const session = await createSpeechTranscriber({ model, modelsDir: testModelDir }).open(options)
  const rows: Measurement[] = []
  try {
    for (const speech of speeches) rows.push(...(await measureSpeech(name, session, speech)))
  } finally {
    await session.close()
    rmSync(scratchDir, { recursive: true, force: true })
  }
  return rows
}

async function measureSpeech(name: string, session: TranscriberSession, speech: Speech) {
  const texts: string[] = []
  const errors: TimeErrors[] = []
  const found: GeneratedCue[] = []
  let languages = 0
  const ms = await measureMs(async () => {
    for (const piece of speech.pieces) {
      const { cues, language } = await transcribe(
        session,
        piece.samples,
        speech.isLanguageGiven ? speech.language : undefined,
      )
      texts.push(cues.map(({ text }) => text).join(' '))
      found.push(...cues)
      errors.push(findTimeErrors(cues, piece.words))
      languages += language === speech.language ? 1 : 0
    }
  })
  const seconds = speech.pieces.reduce((sum, { samples }) => sum + samples.length / BYTES_PER_SECOND, 0)
  const subject = `${name}, ${speech.name}`
  return [
    {
      name: `${subject}: word error rate`,
      value: 100 * calculateWordErrorRate(texts.join(' '), textOf(speech)),
      unit: '%',
    },
    {
      name: `${subject}: pieces whose language was found, of ${speech.pieces.length}`,
      value: languages,
      unit: 'count',
    },
    {
      name: `${subject}: cues out of shape, of ${found.length}`,
      value: found.filter((cue) => !isWellShaped(cue)).length,
      unit: 'count',
      aim: '0',
    },
    { name: `${subject}: time per time of speech`, value: ms / 1000 / seconds, unit: 'ratio' },
    ...describeErrors(
      `${subject}: start of a cue`,
      errors.flatMap(({ cues }) => cues),
    ),
    ...describeErrors(
      `${subject}: jump to a word`,
      errors.flatMap(({ words }) => words),
    ),
  ] satisfies Measurement[]
}

/** At most two lines of 42 characters, 7 s, and 20 characters a second. */
function isWellShaped({ text, startSeconds, endSeconds }: GeneratedCue) {
  const lines = text
    .replaceAll(/(.{1,42})(\s+|$)/g, '$1\n')
    .trim()
    .split('\n')
  const seconds = endSeconds - startSeconds
  const isReadable = text.length / seconds <= 20.01
  return lines.length <= 2 && lines.every((line) => line.length <= 42) && seconds <= 7.001 && isReadable
}

/** As the worker does it, chunk by chunk. */
async function transcribe(session: TranscriberSession, samples: Buffer, given: string | undefined) {
  const cues: GeneratedCue[] = []
  let language = given
  const part = { startSeconds: 0, endSeconds: null }
  async function* read() {
    yield samples
  }
  for await (const chunk of splitAtPauses(read(), { part, fromSeconds: 0 })) {
    const found = await session.transcribe({ samples: chunk.samples, language, isTranslated: false })
    language ??= found.language ?? undefined
    cues.push(...buildCues(found.phrases, chunk))
  }
  return { cues, language }
}

function describeErrors(subject: string, errors: readonly number[]): Measurement[] {
  if (errors.length === 0) return []
  const sizes = errors.map(Math.abs)
  return [
    { name: `${subject}: late by, median of ${errors.length}`, value: quantile(errors, 0.5), unit: 's' },
    { name: `${subject}: error, median`, value: quantile(sizes, 0.5), unit: 's' },
    { name: `${subject}: error, 95 %`, value: quantile(sizes, 0.95), unit: 's' },
    { name: `${subject}: error, worst`, value: Math.max(...sizes), unit: 's' },
  ]
}

async function measureWhisperCpp(speeches: readonly Speech[]): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-voices-'))
  const transcribePiece = async ({ samples }: Piece, n: number) => {
    const file = writeWave(path.join(dir, `${n}.wav`), samples)
    return (await runWhisperCpp(file, cpus().length)).transcript
  }
  const rows: Measurement[] = []
  try {
    for (const speech of speeches) {
      const texts: string[] = []
      for (const [n, piece] of speech.pieces.entries()) texts.push(await transcribePiece(piece, n))
      const value = 100 * calculateWordErrorRate(texts.join(' '), textOf(speech))
      rows.push({ name: `whisper.cpp (base), ${speech.name}: word error rate`, value, unit: '%' })
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  return rows
}
