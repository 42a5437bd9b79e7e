import { AppError, PermanentError } from '@/lib/errors'
import { toLanguageTag } from '@/lib/videos/languages'
import { findSpeech } from '../find-speech'
import {
  BYTES_PER_SECOND,
  type Transcription,
  type Transcriber,
  type TranscriberSession,
  type TranscriberSessionOptions,
  type TranscriptionRequest,
} from '../transcriber'
import type { WhisperResponse } from './messages'
import { WhisperProcess } from './whisper-process'

const LOAD_TIMEOUT_MS = 5 * 60_000
/** Transcribing a chunk may take this many times its duration. */
const MAX_REALTIME_FACTOR = 60

interface WhisperOptions {
  /** Such as base or small.en. */
  model: string
  modelPath: string
  /** Silero VAD model. If null, loudness alone decides which audio Whisper receives. */
  vadModelPath: string | null
  /** Temperature added for each retry of an unclear passage; 0 disables retries. Default: Whisper's own. */
  temperatureStep?: number
}

/** whisper.cpp in a child process. Detects the language unless the model is English only. */
export const createWhisper = (options: WhisperOptions): Transcriber => {
  const isEnglishOnly = options.model.endsWith('.en')
  return {
    name: 'whisper',
    title: `Whisper (${options.model})`,
    model: options.model,
    isLowAccuracy: false,
    languages: isEnglishOnly ? ['en'] : undefined,
    canTranslate: !isEnglishOnly && !options.model.endsWith('turbo'),
    open: (session) => openSession(options, session),
  }
}

async function openSession(
  options: WhisperOptions,
  session: TranscriberSessionOptions,
): Promise<TranscriberSession> {
  const process = new WhisperProcess(session)
  const { model, ...files } = options
  try {
    await process.request({ type: 'open', ...files, threads: session.threads }, 'opened', LOAD_TIMEOUT_MS)
  } catch (error) {
    await process.close()
    throw error instanceof AppError ? modelUnusable(model, error) : error
  }
  return {
    transcribe: (request) => transcribe(process, request),
    peakMemoryBytes: () => process.peakMemoryBytes,
    close: () => process.close(),
  }
}

async function transcribe(
  process: WhisperProcess,
  { samples, language, isTranslated }: TranscriptionRequest,
): Promise<Transcription> {
  // Measuring loudness is cheap and skips silence.
  if (findSpeech(samples).length === 0) return { phrases: [], language: null }
  const request = {
    type: 'transcribe',
    samples,
    language: language?.split('-')[0] ?? 'auto',
    isTranslated,
  } as const
  const timeoutMs = 120_000 + (1000 * MAX_REALTIME_FACTOR * samples.length) / BYTES_PER_SECOND
  return toTranscription(await process.request(request, 'transcribed', timeoutMs))
}

function toTranscription({
  segments,
  language,
}: Extract<WhisperResponse, { type: 'transcribed' }>): Transcription {
  const phrases = segments
    // Whisper marks passages without speech as `[BLANK_AUDIO]`, `(music)` or `♪`.
    .filter(({ text }) => text !== '' && !/^[[(♪].*[\])♪]$/su.test(text))
    .map((segment) => ({ ...segment, endSeconds: Math.max(segment.endSeconds, segment.startSeconds + 0.1) }))
    .map((segment) => ({ ...segment, confidence: null, words: null }))
  return { phrases, language: phrases.length > 0 ? toLanguageTag(language ?? undefined) : null }
}

const modelUnusable = (model: string, cause: unknown) =>
  new PermanentError({
    code: 'captions.model_broken',
    message: `The speech model ${model} cannot be loaded: its file is damaged, or too large for this server.`,
    advice: 'Ask the administrator to run npm run doctor. The video itself is not affected.',
    cause,
  })
