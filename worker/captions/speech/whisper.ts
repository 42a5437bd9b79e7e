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
import { toWhisperCode } from './languages'
import { loadModel } from './load-model'
import { modelFile } from './model-files'
import { VAD_MODEL, type WhisperModel } from './models'
import { groupSpeech } from './passages'
import { recognizePassages } from './recognize-passages'
import { SpeechProcess } from './speech-process'

const LOAD_TIMEOUT_MS = 5 * 60_000
/** Recognizing a chunk may take this many times its duration. */
const MAX_REALTIME_FACTOR = 60

interface WhisperOptions {
  model: WhisperModel
  /** The folder of all models. */
  modelsDir: string
}

/** Whisper by sherpa-onnx in a child process. Detects the language unless it is given. */
export const createWhisper = (options: WhisperOptions): Transcriber => ({
  name: 'whisper',
  title: `Whisper (${options.model.title})`,
  model: options.model.title,
  isLowAccuracy: false,
  languages: options.model.languages,
  canTranslate: options.model.canTranslate,
  open: (session) => openSession(options, session),
})

async function openSession(
  { model, modelsDir }: WhisperOptions,
  session: TranscriberSessionOptions,
): Promise<TranscriberSession> {
  const files = {
    encoder: modelFile(modelsDir, model, 'encoder.int8.onnx'),
    decoder: modelFile(modelsDir, model, 'decoder.int8.onnx'),
    tokens: modelFile(modelsDir, model, 'tokens.txt'),
    vad: modelFile(modelsDir, VAD_MODEL, 'silero_vad.onnx'),
  }
  const modelDirs = [...new Set(Object.values(files).map((file) => path.dirname(file)))]
  const process = new SpeechProcess({ ...session, program: 'speech/child.ts', title: 'Whisper', modelDirs })
  const { hasWordTimes, title } = model
  const request = { type: 'open', files, hasWordTimes, threads: session.threads } as const
  await loadModel(process, request, { title, timeoutMs: LOAD_TIMEOUT_MS })
  return {
    transcribe: (request) => transcribe(process, request),
    peakMemoryBytes: () => process.peakMemoryBytes,
    close: () => process.close(),
  }
}

async function transcribe(
  process: SpeechProcess,
  { samples, language, isTranslated }: TranscriptionRequest,
): Promise<Transcription> {
  // Measuring loudness is cheap and skips silence.
  if (findSpeech(samples).length === 0) return { phrases: [], language: null }
  const chunkSeconds = samples.length / BYTES_PER_SECOND
  const timeoutMs = 120_000 + 1000 * MAX_REALTIME_FACTOR * chunkSeconds
  const { spans } = await process.request({ type: 'findSpeech', samples }, 'speech', timeoutMs)
  const recognized = await recognizePassages({
    passages: groupSpeech(spans, chunkSeconds),
    samples,
    language: language ? toWhisperCode(language) : undefined,
    recognize: (passageSamples, code) =>
      process.request(
        { type: 'recognize', samples: passageSamples, language: code ?? '', isTranslated },
        'recognized',
        timeoutMs,
      ),
  })
  return { phrases: recognized.phrases, language: toLanguageTag(recognized.language) }
}
