import { toLanguageTag } from '@/lib/videos/languages'
import path from 'node:path'
import { findSpeech } from '../find-speech'
import {
  BYTES_PER_SECOND,
  type Transcription,
  type Transcriber,
  type TranscriberSession,
  type TranscriberSessionOptions,
  type TranscriptionRequest,
} from '../transcriber'
import { ENGINES, toEngineCode } from './engines'
import { loadModel } from './load-model'
import { modelFile } from './model-files'
import { type SpeechModel, VAD_MODEL } from './models'
import { groupSpeech } from './passages'
import { recognizePassages } from './recognize-passages'
import { SpeechProcess } from './speech-process'

/**
 * Chunks that are recognized at once, with the same model in memory. One core each is used better than two for one chunk; the
 * memory for each more is a third of that of the model and the first.
 */
const MAX_LANES = 2
/** Recognizing a chunk may take this many times its duration. */
const MAX_REALTIME_FACTOR = 60

interface SpeechOptions {
  model: SpeechModel
  /** The folder of all models. */
  modelsDir: string
}

/** A speech model, run by sherpa-onnx in a child process. */
export const createSpeechTranscriber = (options: SpeechOptions): Transcriber => ({
  name: options.model.engine,
  title: `${ENGINES[options.model.engine].title} (${options.model.title})`,
  model: options.model.title,
  isLowAccuracy: false,
  languages: options.model.languages,
  canTranslate: options.model.canTranslate,
  open: (session) => openSession(options, session),
})

async function openSession(
  { model, modelsDir }: SpeechOptions,
  session: TranscriberSessionOptions,
): Promise<TranscriberSession> {
  const { engine, hasWordTimes, title } = model
  const { files: names, maxSpeechSeconds, title: engineTitle } = ENGINES[engine]
  const files = Object.fromEntries(
    Object.entries(names).map(([role, name]) => [role, modelFile(modelsDir, model, name)]),
  )
  const vadFile = modelFile(modelsDir, VAD_MODEL, 'silero_vad.onnx')
  const modelDirs = [...new Set([...Object.values(files), vadFile].map((file) => path.dirname(file)))]
  const program = 'speech/child.ts'
  const process = new SpeechProcess({ ...session, program, title: engineTitle, modelDirs })
  const lanes = Math.min(MAX_LANES, session.threads)
  const threads = Math.floor(session.threads / lanes)
  const request = { type: 'open', engine, files, vadFile, hasWordTimes, maxSpeechSeconds, threads } as const
  await loadModel(process, request, { title })
  return {
    lanes,
    transcribe: (request) => transcribe(process, model, request),
    peakMemoryBytes: () => process.peakMemoryBytes,
    close: () => process.close(),
  }
}

async function transcribe(
  process: SpeechProcess,
  { engine }: SpeechModel,
  { samples, language, isTranslated }: TranscriptionRequest,
): Promise<Transcription> {
  // Measuring loudness is cheap and skips silence.
  if (findSpeech(samples).length === 0) return { phrases: [], language: null }
  const chunkSeconds = samples.length / BYTES_PER_SECOND
  const timeoutMs = 120_000 + 1000 * MAX_REALTIME_FACTOR * chunkSeconds
  const { spans } = await process.request({ type: 'findSpeech', samples }, 'speech', timeoutMs)
  const recognized = await recognizePassages({
    passages: groupSpeech(spans, { chunkSeconds, maxPassageSeconds: ENGINES[engine].maxPassageSeconds }),
    samples,
    delaySeconds: ENGINES[engine].delaySeconds,
    language: language && toEngineCode(engine, language),
    recognize: (passageSamples, code) =>
      process.request(
        { type: 'recognize', samples: passageSamples, language: code ?? '', isTranslated },
        'recognized',
        timeoutMs,
      ),
  })
  return { phrases: recognized.phrases, language: toLanguageTag(recognized.language) }
}
