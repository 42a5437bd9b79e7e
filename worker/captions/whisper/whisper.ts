import { AppError, PermanentError } from '@/lib/errors'
import { toLanguageTag } from '@/lib/videos/languages'
import { findSpeech } from '../find-speech'
import {
  BYTES_PER_SECOND,
  type Transcription,
  type TranscriberSessionOptions,
  type TranscriptionRequest,
  type Transcriber,
} from '../transcriber'
import type { WhisperResponse } from './messages'
import { WhisperProcess } from './whisper-process'

const LOAD_TIMEOUT_MS = 5 * 60_000
/** So many times its length a stretch may take before it counts as stuck. */
const MAX_REALTIME_FACTOR = 60

interface WhisperOptions {
  /** As people know it: base, small.en … */
  model: string
  modelPath: string
  /** Silero's. Without it, loudness alone decides what is given to Whisper. */
  speechModelPath: string | null
  /** How much freer each further try of an unclear passage is. Whisper's own default where unset; 0 is one try. */
  temperatureStep?: number
}

/** whisper.cpp in a process of its own. Finds the language out by itself, unless the model is English only. */
export const createWhisper = (options: WhisperOptions): Transcriber => {
  const isEnglishOnly = options.model.endsWith('.en')
  return {
    name: 'whisper',
    title: `Whisper (${options.model})`,
    model: options.model,
    isLowAccuracy: false,
    languages: isEnglishOnly ? ['en'] : undefined,
    canTranslate: !isEnglishOnly && !options.model.endsWith('turbo'),
    open: (given) => openSession(options, given),
  }
}

async function openSession(options: WhisperOptions, given: TranscriberSessionOptions) {
  const process = new WhisperProcess(given)
  const { model, ...files } = options
  try {
    await process.request({ type: 'open', ...files, threads: given.threads }, 'opened', LOAD_TIMEOUT_MS)
  } catch (error) {
    await process.close()
    throw error instanceof AppError ? modelBroken(model, error) : error
  }
  return {
    transcribe: (stretch: TranscriptionRequest) => transcribe(process, stretch),
    peakMemoryBytes: () => process.peakMemoryBytes,
    close: () => process.close(),
  }
}

async function transcribe(process: WhisperProcess, stretch: TranscriptionRequest): Promise<Transcription> {
  // Loudness rules silence out at no cost.
  if (findSpeech(stretch.samples).length === 0) return { phrases: [], language: null }
  const order = {
    type: 'hear',
    samples: stretch.samples,
    language: stretch.language?.split('-')[0] ?? 'auto',
    isTranslated: stretch.isTranslated,
  } as const
  const timeoutMs = 120_000 + (1000 * MAX_REALTIME_FACTOR * stretch.samples.length) / BYTES_PER_SECOND
  return toTranscription(await process.request(order, 'heard', timeoutMs))
}

function toTranscription({ segments, language }: Extract<WhisperResponse, { type: 'heard' }>): Transcription {
  const phrases = segments
    // `[BLANK_AUDIO]`, `(music)` and `♪` are what it writes where nothing is said.
    .filter(({ text }) => text !== '' && !/^[[(♪].*[\])♪]$/su.test(text))
    .map((segment) => ({ ...segment, endSeconds: Math.max(segment.endSeconds, segment.startSeconds + 0.1) }))
    .map((segment) => ({ ...segment, confidence: null, words: null }))
  return { phrases, language: phrases.length > 0 ? toLanguageTag(language ?? undefined) : null }
}

const modelBroken = (model: string, cause: unknown) =>
  new PermanentError({
    code: 'captions.model_broken',
    message: `The speech model ${model} cannot be loaded: its file is damaged, or too large for this machine.`,
    advice: 'Ask the administrator to run npm run doctor. The video itself is not touched by this.',
    cause,
  })
