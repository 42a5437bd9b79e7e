import type { Config } from '@/lib/config/config'

/** The transcription features of this server. */
export interface SpeechSupport {
  canTranscribe: boolean
  /** The engine is PocketSphinx, which supports English only and cannot translate. */
  isEnglishOnly: boolean
}

export const resolveSpeechSupport = (setting: Config['CAPTIONS']): SpeechSupport => ({
  canTranscribe: setting !== 'none',
  isEnglishOnly: setting === 'pocketsphinx',
})
