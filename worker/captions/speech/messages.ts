import { z } from 'zod'
import type { EngineName } from './engines'

/** Requests to a speech process, of which the last two are for that of speakers. Samples in the format of `SAMPLE_RATE`. */
export type SpeechRequest =
  | {
      type: 'open'
      engine: EngineName
      /** Paths by their role in the configuration of sherpa-onnx. */
      files: Record<string, string>
      vadFile: string
      hasWordTimes: boolean
      maxSpeechSeconds: number
      /** Of each recognition. */
      threads: number
    }
  | { type: 'findSpeech'; samples: Uint8Array }
  | {
      type: 'recognize'
      samples: Uint8Array
      /** The engine's code; empty to detect it. */
      language: string
      isTranslated: boolean
    }
  | { type: 'openSpeakers'; files: { segmentation: string; embedding: string }; threads: number }
  | { type: 'findVoices'; samples: Uint8Array }

const spanSchema = z.object({ startSeconds: z.number().min(0), endSeconds: z.number().min(0) })

/** What one voice says in the audio of a request. */
export const voiceSchema = z.object({
  /** Of the characteristics of the voice, similar for the same speaker. */
  embedding: z.array(z.number()).max(1024),
  turns: z.array(spanSchema),
})
export type Voice = z.infer<typeof voiceSchema>

/** Responses, one per request. They are validated, because the process reads untrusted audio. */
const speechResponseSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened') }),
  z.object({ type: z.literal('speech'), spans: z.array(spanSchema) }),
  z.object({
    type: z.literal('recognized'),
    text: z.string(),
    /** The engine's code; empty if it does not detect languages. */
    language: z.string(),
    /** Each with a leading space if it begins a word. Empty unless the model has word times. */
    tokens: z.array(
      spanSchema.extend({
        text: z.string(),
        /** Its probability; null if the engine reports none. */
        confidence: z.number().min(0).max(1).nullable(),
      }),
    ),
    /** Parts of the text by time marks of Whisper. Empty if the model has word times. */
    segments: z.array(spanSchema.extend({ text: z.string() })),
  }),
  z.object({ type: z.literal('voices'), voices: z.array(voiceSchema) }),
  z.object({ type: z.literal('failed'), message: z.string() }),
])
export type SpeechResponse = z.infer<typeof speechResponseSchema>
export type Recognition = Extract<SpeechResponse, { type: 'recognized' }>

/** Requests and responses carry a number, as the process works on several requests at once. */
export interface NumberedRequest {
  id: number
  request: SpeechRequest
}
export const numberedResponseSchema = z.object({ id: z.number().int(), response: speechResponseSchema })
export type NumberedResponse = z.infer<typeof numberedResponseSchema>
