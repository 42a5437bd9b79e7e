import type { CueWord } from '@/lib/captions/schema'
import type { EngineName } from './speech/engines'

/** The input of every engine: 16 bit little-endian, mono, at this many samples per second. */
export const SAMPLE_RATE = 16_000
export const BYTES_PER_SECOND = 2 * SAMPLE_RATE

/** Speech without a long pause. Times in seconds from the start of the chunk. */
export interface Phrase {
  startSeconds: number
  endSeconds: number
  text: string
  /** 0 to 1; null if the engine reports none. */
  confidence: number | null
  /** Null if the engine reports no word times. */
  words: CueWord[] | null
}

export interface Transcription {
  phrases: Phrase[]
  /** BCP 47; null without speech, or if the engine does not detect languages. */
  language: string | null
}

export interface TranscriptionRequest {
  /** Some seconds of audio in the format of `SAMPLE_RATE`. */
  samples: Buffer
  /** The spoken language (BCP 47). Default: detected. */
  language?: string
  /** Whether to translate to English. */
  isTranslated: boolean
}

export interface TranscriberSessionOptions {
  /** An abort kills every process; pending calls throw the signal's reason. */
  signal: AbortSignal
  /** Of all lanes together. */
  threads: number
  /** Default: that of a transcription without waiting viewers. */
  niceness?: number
  memoryBytes: number
  /** A directory for the files of this run. */
  scratchDir: string
}

/** A running engine with its model in memory. */
export interface TranscriberSession {
  /** How many chunks it transcribes at once without slowing down each. */
  lanes: number
  /** @throws {AppError} captions.engine_failed if the engine crashed; the session is then unusable */
  transcribe(request: TranscriptionRequest): Promise<Transcription>
  /** Peak memory use so far in bytes; 0 if unknown. */
  peakMemoryBytes(): number
  /** Ends every process of the session. Idempotent. */
  close(): Promise<void>
}

/** A speech-to-text engine. */
export interface Transcriber {
  name: EngineName | 'pocketsphinx'
  /** Display name: "Whisper (base)". */
  title: string
  model: string | null
  isLowAccuracy: boolean
  /** The supported languages (BCP 47). If there are several, it detects the language. */
  languages: readonly string[]
  canTranslate: boolean
  /** ffmpeg audio filters that prepare its input. */
  audioFilter?: string
  /**
   * Loads the model.
   * @throws {PermanentError} captions.model_broken if it cannot be loaded
   * @throws {AppError} captions.engine_failed if the process was killed meanwhile
   */
  open(options: TranscriberSessionOptions): Promise<TranscriberSession>
}
