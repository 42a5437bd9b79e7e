import type { SpeechSpan } from '../find-speech'

/** Requests to the Whisper process. Times in seconds; samples in the format of `SAMPLE_RATE`. */
export type WhisperRequest =
  | {
      type: 'open'
      modelPath: string
      vadModelPath: string | null
      threads: number
      temperatureStep?: number
    }
  | { type: 'transcribe'; samples: Uint8Array; language: string; isTranslated: boolean }

/** Its responses, one per request. */
export type WhisperResponse =
  | { type: 'opened'; variant: string }
  | {
      type: 'transcribed'
      segments: { startSeconds: number; endSeconds: number; text: string }[]
      language: string | null
      speech: SpeechSpan[]
    }
  | { type: 'failed'; message: string }
