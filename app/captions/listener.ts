import type { CaptionDto } from '@/lib/captions/contract'
import type { Config } from '@/lib/config'

/** What this server can do by listening. */
export interface Listener {
  canListen: boolean
  /** PocketSphinx listens: to English, and it does not translate. */
  isEnglishOnly: boolean
}

/** By the setting; with `auto` what listened last tells what is there. */
export function listenerOf(
  setting: Config['CAPTIONS'],
  tracks: readonly Pick<CaptionDto, 'engine'>[],
): Listener {
  const isHere = setting === 'pocketsphinx' || tracks.some(({ engine }) => engine === 'pocketsphinx')
  return { canListen: setting !== 'none', isEnglishOnly: setting !== 'whisper' && isHere }
}
