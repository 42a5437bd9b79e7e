import type { Config } from '@/lib/config/config'

/** The transcription features of this server. */
export interface SpeechSupport {
  canTranscribe: boolean
  /** The engine supports English only and cannot translate. */
  isEnglishOnly: boolean
}

export const resolveSpeechSupport = ({
  CAPTIONS,
  SPEECH_MODEL,
}: Pick<Config, 'CAPTIONS' | 'SPEECH_MODEL'>): SpeechSupport => ({
  canTranscribe: CAPTIONS !== 'none',
  isEnglishOnly: CAPTIONS === 'pocketsphinx' || SPEECH_MODEL === 'moonshine-tiny',
})
