import { toWhisperCode } from './languages'

export type EngineName = 'whisper' | 'parakeet' | 'sense-voice' | 'moonshine'

export interface Engine {
  /** Display name. */
  title: string
  /** Names of its files by their role in the configuration of sherpa-onnx. */
  files: Record<string, string>
  /** Whether it finds out which language is spoken. */
  detectsLanguage: boolean
  /** Longest speech that the detector should return. It exceeds this until there is a short pause. */
  maxSpeechSeconds: number
  /** Longest passage, without the audio around the speech. */
  maxPassageSeconds: number
  /**
   * What is added to its word times: between what `npm run bench -- voices` finds for voices and models. Those of Whisper base are
   * early by 0.14 s for a synthetic voice and 0.04 s for human ones, those of tiny.en late by 0.1 s.
   */
  delaySeconds: number
}

/** The longest chunk of audio. */
const MAX_SPEECH_SECONDS = 19

export const ENGINES: Record<EngineName, Engine> = {
  whisper: {
    title: 'Whisper',
    files: { encoder: 'encoder.int8.onnx', decoder: 'decoder.int8.onnx', tokens: 'tokens.txt' },
    detectsLanguage: true,
    maxSpeechSeconds: MAX_SPEECH_SECONDS,
    maxPassageSeconds: MAX_SPEECH_SECONDS,
    delaySeconds: 0.06,
  },
  parakeet: {
    title: 'Parakeet',
    files: {
      encoder: 'encoder.int8.onnx',
      decoder: 'decoder.int8.onnx',
      joiner: 'joiner.int8.onnx',
      tokens: 'tokens.txt',
    },
    detectsLanguage: false,
    maxSpeechSeconds: MAX_SPEECH_SECONDS,
    maxPassageSeconds: MAX_SPEECH_SECONDS,
    delaySeconds: 0,
  },
  'sense-voice': {
    title: 'SenseVoice',
    files: { model: 'model.int8.onnx', tokens: 'tokens.txt' },
    detectsLanguage: true,
    maxSpeechSeconds: MAX_SPEECH_SECONDS,
    maxPassageSeconds: MAX_SPEECH_SECONDS,
    delaySeconds: 0,
  },
  moonshine: {
    title: 'Moonshine',
    files: {
      encoder: 'encoder_model.ort',
      mergedDecoder: 'decoder_model_merged.ort',
      tokens: 'tokens.txt',
    },
    detectsLanguage: false,
    maxSpeechSeconds: 7,
    // Longer audio returns no text: https://github.com/k2-fsa/sherpa-onnx/issues/3975 (384 frames of 24 ms).
    maxPassageSeconds: 8.6,
    delaySeconds: 0,
  },
}

/** The engine's code of a language (BCP 47); undefined if it does not transcribe it. */
export const toEngineCode = (engine: EngineName, tag: string) =>
  engine === 'whisper' ? toWhisperCode(tag) : tag.split('-')[0]
