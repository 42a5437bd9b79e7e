import type { SpeechSpan } from '../find-speech'

/** What the listening process is told. Times in seconds; samples as SAMPLE_RATE says. */
export type WhisperRequest =
  | {
      type: 'open'
      modelPath: string
      speechModelPath: string | null
      threads: number
      temperatureStep?: number
    }
  | { type: 'hear'; samples: Uint8Array; language: string; isTranslated: boolean }

/** What it answers to each order, once. */
export type WhisperResponse =
  | { type: 'opened'; variant: string }
  | {
      type: 'heard'
      segments: { startSeconds: number; endSeconds: number; text: string }[]
      language: string | null
      speech: SpeechSpan[]
    }
  | { type: 'failed'; message: string }
