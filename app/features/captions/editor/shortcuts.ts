import type { ShortcutGroup } from '@/app/ui/shortcuts'
import * as messages from '@/lib/generated/messages/captions'

/** The keyboard shortcuts of the editor. `code` is the physical key; `keys` and `label` are shown to the user. */
export const SHORTCUTS = [
  { command: 'toggle', code: 'KeyK', with: 'alt', keys: messages.keysToggle, label: messages.shortcutToggle },
  { command: 'replay', code: 'KeyJ', with: 'alt', keys: messages.keysReplay, label: messages.shortcutReplay },
  {
    command: 'previous',
    code: 'ArrowUp',
    with: 'alt',
    keys: messages.keysPrevious,
    label: messages.shortcutPrevious,
  },
  { command: 'next', code: 'ArrowDown', with: 'alt', keys: messages.keysNext, label: messages.shortcutNext },
  {
    command: 'startHere',
    code: 'BracketLeft',
    with: 'alt',
    keys: messages.keysStartHere,
    label: messages.shortcutStartHere,
  },
  {
    command: 'endHere',
    code: 'BracketRight',
    with: 'alt',
    keys: messages.keysEndHere,
    label: messages.shortcutEndHere,
  },
  { command: 'split', code: 'Enter', with: 'mod', keys: messages.keysSplit, label: messages.shortcutSplit },
  { command: 'merge', code: 'KeyM', with: 'alt', keys: messages.keysMerge, label: messages.shortcutMerge },
  { command: 'add', code: 'KeyN', with: 'alt', keys: messages.keysAdd, label: messages.shortcutAdd },
  { command: 'remove', code: 'KeyX', with: 'alt', keys: messages.keysRemove, label: messages.shortcutRemove },
  { command: 'undo', code: 'KeyZ', with: 'mod', keys: messages.keysUndo, label: messages.shortcutUndo },
  { command: 'redo', code: 'KeyZ', with: 'mod-shift', keys: messages.keysRedo, label: messages.shortcutRedo },
  { command: 'find', code: 'KeyF', with: 'mod', keys: messages.keysFind, label: messages.shortcutFind },
  { command: 'help', code: 'Slash', with: 'mod', keys: messages.keysHelp, label: messages.shortcutHelp },
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
  hint: messages.shortcutsHint,
  shortcuts: [
    ...SHORTCUTS,
    { keys: messages.keysArrows, label: messages.adjustTime },
    { keys: messages.keyEscape, label: messages.deselectCue },
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
