import type { CaptionDto } from '@/lib/captions/schema'
import type { Config } from '@/lib/config/config'

/** The transcription features of this server. */
export interface SpeechSupport {
  canTranscribe: boolean
  /** The engine is PocketSphinx, which supports English only and cannot translate. */
  isEnglishOnly: boolean
}

/** Derives the features from the setting. With `auto`, the engine of existing tracks shows which one is in use. */
export function resolveSpeechSupport(
  setting: Config['CAPTIONS'],
  tracks: readonly Pick<CaptionDto, 'engine'>[],
): SpeechSupport {
  const usesPocketSphinx =
    setting === 'pocketsphinx' || tracks.some(({ engine }) => engine === 'pocketsphinx')
  return { canTranscribe: setting !== 'none', isEnglishOnly: setting !== 'whisper' && usesPocketSphinx }
}
