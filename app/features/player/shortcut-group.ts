import type { ShortcutGroup } from '@/app/ui/shortcuts'
import * as messages from '@/lib/generated/messages/player'

const key = (name: string) => () => name

/** The keys of media-chrome, which replaces its own sheet, and those for chapters. */
const SHORTCUTS = [
  { keys: messages.keySpace, label: messages.keysPlay },
  { keys: key('← →'), label: messages.keysSeek },
  { keys: key('M'), label: messages.keysMute },
  { keys: key('C'), label: messages.keysCaptions },
  { keys: key('F'), label: messages.keysFullscreen },
  { keys: key('P'), label: messages.keysPictureInPicture },
  { keys: key('< >'), label: messages.keysSpeed },
]
const CHAPTER_SHORTCUT = { keys: key('⇧ ← →'), label: messages.keysChapter }

const createGroup = (shortcuts: ShortcutGroup['shortcuts']): ShortcutGroup => ({
  title: messages.keysTitle,
  hint: messages.keysHint,
  shortcuts,
})

export const PLAYER_SHORTCUTS = createGroup(SHORTCUTS)
export const PLAYER_SHORTCUTS_WITH_CHAPTERS = createGroup([...SHORTCUTS, CHAPTER_SHORTCUT])
