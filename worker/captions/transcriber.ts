import type { CueWord } from '@/lib/captions/schema'

/** What every engine is given: 16 bit, one channel, this many samples a second. */
export const SAMPLE_RATE = 16_000
export const BYTES_PER_SECOND = 2 * SAMPLE_RATE

/** Something that was said, without a longer pause in it. Seconds from the start of the stretch. */
export interface Phrase {
  startSeconds: number
  endSeconds: number
  text: string
  /** 0 to 1; null where the engine does not say. */
  confidence: number | null
  /** Null where the engine tells no times of words. */
  words: CueWord[] | null
}

export interface Transcription {
  phrases: Phrase[]
  /** BCP 47; null where nothing was said, or the engine cannot tell. */
  language: string | null
}

export interface TranscriptionRequest {
  /** Some seconds of sound, as SAMPLE_RATE says. */
  samples: Buffer
  /** What is spoken, where that is known. */
  language?: string
  /** Into English. */
  isTranslated: boolean
}

export interface TranscriberSessionOptions {
  /** An abort ends every process at once, and what is under way throws its reason. */
  signal: AbortSignal
  threads: number
  memoryBytes: number
  /** A folder for files of this run. */
  scratchDir: string
}

/** An engine at work, with its model in memory. Hears one stretch after the other. */
export interface TranscriberSession {
  /** @throws {AppError} captions.engine_failed when the engine crashed: the next stretch would fail as well. */
  transcribe(stretch: TranscriptionRequest): Promise<Transcription>
  /** Most memory it held so far, in bytes; 0 where nobody knows. */
  peakMemoryBytes(): number
  /** Ends every process of it. May be called twice. */
  close(): Promise<void>
}

/** One engine that turns speech into text. */
export interface Transcriber {
  name: 'whisper' | 'pocketsphinx'
  /** In a person's words: "Whisper (base)". */
  title: string
  model: string | null
  isLowAccuracy: boolean
  /** The only languages it knows; undefined when it finds out by itself. */
  languages?: readonly string[]
  canTranslate: boolean
  /** What it wants done to the sound, as filters of ffmpeg. */
  audioFilter?: string
  /** @throws {PermanentError} captions.model_broken when its model cannot be loaded. */
  open(options: TranscriberSessionOptions): Promise<TranscriberSession>
}
