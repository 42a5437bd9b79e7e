import type { CaptionDto } from '@/lib/captions/schema'
import type { Config } from '@/lib/config/config'

/** What this server can do by listening. */
export interface SpeechSupport {
  canTranscribe: boolean
  /** PocketSphinx listens: to English, and it does not translate. */
  isEnglishOnly: boolean
}

/** By the setting; with `auto` what listened last tells what is there. */
export function resolveSpeechSupport(
  setting: Config['CAPTIONS'],
  tracks: readonly Pick<CaptionDto, 'engine'>[],
): SpeechSupport {
  const isHere = setting === 'pocketsphinx' || tracks.some(({ engine }) => engine === 'pocketsphinx')
  return { canTranscribe: setting !== 'none', isEnglishOnly: setting !== 'whisper' && isHere }
}
