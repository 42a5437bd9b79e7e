import type { CaptionDto } from '@/lib/captions/contract'
import type { Config } from '@/lib/config'

/** What this server can do by listening. */
export interface Listener {
  canListen: boolean
  canTranslate: boolean
}

/** By the setting; with `auto` what listened last tells what is there. */
export function listenerOf(
  setting: Config['CAPTIONS'],
  tracks: readonly Pick<CaptionDto, 'engine'>[],
): Listener {
  const isRough = setting === 'pocketsphinx' || tracks.some(({ engine }) => engine === 'pocketsphinx')
  return { canListen: setting !== 'none', canTranslate: setting !== 'none' && !isRough }
}
