import type { ShortcutGroup } from '@/app/ui/shortcuts'
import * as messages from '@/lib/generated/messages/captions'
import * as captionEditorMessages from '@/lib/generated/messages/caption-editor'

/** The keyboard shortcuts of the editor. `code` is the physical key; `keys` and `label` are shown to the user. */
export const SHORTCUTS = [
  {
    command: 'toggle',
    code: 'KeyK',
    with: 'alt',
    keys: captionEditorMessages.keysToggle,
    label: captionEditorMessages.shortcutToggle,
  },
  {
    command: 'replay',
    code: 'KeyJ',
    with: 'alt',
    keys: captionEditorMessages.keysReplay,
    label: captionEditorMessages.shortcutReplay,
  },
  {
    command: 'previous',
    code: 'ArrowUp',
    with: 'alt',
    keys: captionEditorMessages.keysPrevious,
    label: captionEditorMessages.shortcutPrevious,
  },
  {
    command: 'next',
    code: 'ArrowDown',
    with: 'alt',
    keys: captionEditorMessages.keysNext,
    label: captionEditorMessages.shortcutNext,
  },
  {
    command: 'startHere',
    code: 'BracketLeft',
    with: 'alt',
    keys: captionEditorMessages.keysStartHere,
    label: captionEditorMessages.shortcutStartHere,
  },
  {
    command: 'endHere',
    code: 'BracketRight',
    with: 'alt',
    keys: captionEditorMessages.keysEndHere,
    label: captionEditorMessages.shortcutEndHere,
  },
  {
    command: 'split',
    code: 'Enter',
    with: 'mod',
    keys: captionEditorMessages.keysSplit,
    label: captionEditorMessages.shortcutSplit,
  },
  {
    command: 'merge',
    code: 'KeyM',
    with: 'alt',
    keys: captionEditorMessages.keysMerge,
    label: captionEditorMessages.shortcutMerge,
  },
  {
    command: 'add',
    code: 'KeyN',
    with: 'alt',
    keys: captionEditorMessages.keysAdd,
    label: captionEditorMessages.shortcutAdd,
  },
  {
    command: 'remove',
    code: 'KeyX',
    with: 'alt',
    keys: captionEditorMessages.keysRemove,
    label: captionEditorMessages.shortcutRemove,
  },
  {
    command: 'undo',
    code: 'KeyZ',
    with: 'mod',
    keys: captionEditorMessages.keysUndo,
    label: captionEditorMessages.shortcutUndo,
  },
  {
    command: 'redo',
    code: 'KeyZ',
    with: 'mod-shift',
    keys: captionEditorMessages.keysRedo,
    label: captionEditorMessages.shortcutRedo,
  },
  {
    command: 'find',
    code: 'KeyF',
    with: 'mod',
    keys: captionEditorMessages.keysFind,
    label: captionEditorMessages.shortcutFind,
  },
  {
    command: 'help',
    code: 'Slash',
    with: 'mod',
    keys: captionEditorMessages.keysHelp,
    label: captionEditorMessages.shortcutHelp,
  },
] as const satisfies readonly {
  command: string
  code: string
  with: 'alt' | 'mod' | 'mod-shift'
  keys: () => string
  label: () => string
}[]

/** For the sheet of shortcuts. */
export const SHORTCUT_GROUP: ShortcutGroup = {
  title: messages.captions,
  hint: captionEditorMessages.shortcutsHint,
  shortcuts: [
    ...SHORTCUTS,
    { keys: captionEditorMessages.keysArrows, label: captionEditorMessages.adjustTime },
    { keys: captionEditorMessages.keyEscape, label: captionEditorMessages.deselectCue },
  ],
}

export type EditorCommand = (typeof SHORTCUTS)[number]['command']
export type EditorCommands = Record<EditorCommand, () => void>

export const findShortcut = (command: EditorCommand) =>
  SHORTCUTS.find((shortcut) => shortcut.command === command)!

/** Returns the command of a key press. ⌘ counts as Ctrl; Ctrl+Alt never matches because it types characters. */
export function matchCommand(
  event: Pick<KeyboardEvent, 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
): EditorCommand | undefined {
  const isMod = event.ctrlKey || event.metaKey
  const held = isMod ? (event.shiftKey ? 'mod-shift' : 'mod') : event.altKey ? 'alt' : 'none'
  if (isMod && event.altKey) return undefined
  return SHORTCUTS.find((shortcut) => shortcut.code === event.code && shortcut.with === held)?.command
}
