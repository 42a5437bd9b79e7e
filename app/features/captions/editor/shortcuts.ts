/** The keyboard shortcuts of the editor. `code` is the physical key; `keys` and `label` are shown to the user. */
export const SHORTCUTS = [
  { command: 'toggle', code: 'KeyK', with: 'alt', keys: 'Alt K', label: 'Play or pause' },
  { command: 'replay', code: 'KeyJ', with: 'alt', keys: 'Alt J', label: 'Play cue' },
  { command: 'previous', code: 'ArrowUp', with: 'alt', keys: 'Alt ↑', label: 'Previous cue' },
  { command: 'next', code: 'ArrowDown', with: 'alt', keys: 'Alt ↓', label: 'Next cue' },
  {
    command: 'startHere',
    code: 'BracketLeft',
    with: 'alt',
    keys: 'Alt [',
    label: 'Set start to current position',
  },
  {
    command: 'endHere',
    code: 'BracketRight',
    with: 'alt',
    keys: 'Alt ]',
    label: 'Set end to current position',
  },
  { command: 'split', code: 'Enter', with: 'mod', keys: 'Ctrl Enter', label: 'Split at cursor' },
  { command: 'merge', code: 'KeyM', with: 'alt', keys: 'Alt M', label: 'Merge with next cue' },
  { command: 'add', code: 'KeyN', with: 'alt', keys: 'Alt N', label: 'Add cue after this one' },
  { command: 'remove', code: 'KeyX', with: 'alt', keys: 'Alt X', label: 'Delete cue' },
  { command: 'undo', code: 'KeyZ', with: 'mod', keys: 'Ctrl Z', label: 'Undo' },
  { command: 'redo', code: 'KeyZ', with: 'mod-shift', keys: 'Ctrl ⇧ Z', label: 'Redo' },
  { command: 'find', code: 'KeyF', with: 'mod', keys: 'Ctrl F', label: 'Find and replace' },
  { command: 'help', code: 'Slash', with: 'mod', keys: 'Ctrl / or ?', label: 'Show keyboard shortcuts' },
] as const satisfies readonly {
  command: string
  code: string
  with: 'alt' | 'mod' | 'mod-shift'
  keys: string
  label: string
}[]

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
