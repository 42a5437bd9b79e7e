import type { Config } from '@/lib/config/config'

/** The transcription features of this server. */
export interface SpeechSupport {
  canTranscribe: boolean
  /** The engine supports English only and cannot translate. */
  isEnglishOnly: boolean
  /** A service translates captions into other languages. */
  canTranslateCaptions: boolean
}

export const resolveSpeechSupport = ({
  CAPTIONS,
  SPEECH_MODEL,
  TRANSLATION_URL,
}: Pick<Config, 'CAPTIONS' | 'SPEECH_MODEL' | 'TRANSLATION_URL'>): SpeechSupport => ({
  canTranscribe: CAPTIONS !== 'none',
  isEnglishOnly: CAPTIONS === 'pocketsphinx' || SPEECH_MODEL === 'moonshine-tiny',
  canTranslateCaptions: TRANSLATION_URL !== undefined,
})
