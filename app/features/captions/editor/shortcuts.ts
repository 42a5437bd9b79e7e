/** What the editor does by keys. Alt works while typing too, for it types nothing of its own here. */
export const SHORTCUTS = [
  { command: 'toggle', code: 'KeyK', with: 'alt', shown: 'Alt K', does: 'Play or pause' },
  { command: 'replay', code: 'KeyJ', with: 'alt', shown: 'Alt J', does: 'Play this cue' },
  { command: 'previous', code: 'ArrowUp', with: 'alt', shown: 'Alt ↑', does: 'Go to the cue before' },
  { command: 'next', code: 'ArrowDown', with: 'alt', shown: 'Alt ↓', does: 'Go to the next cue' },
  { command: 'startHere', code: 'BracketLeft', with: 'alt', shown: 'Alt [', does: 'Start the cue here' },
  { command: 'endHere', code: 'BracketRight', with: 'alt', shown: 'Alt ]', does: 'End the cue here' },
  { command: 'split', code: 'Enter', with: 'mod', shown: 'Ctrl Enter', does: 'Split at the cursor' },
  { command: 'merge', code: 'KeyM', with: 'alt', shown: 'Alt M', does: 'Merge with the next' },
  { command: 'add', code: 'KeyN', with: 'alt', shown: 'Alt N', does: 'Add a cue behind this one' },
  { command: 'remove', code: 'KeyX', with: 'alt', shown: 'Alt X', does: 'Delete the cue' },
  { command: 'undo', code: 'KeyZ', with: 'mod', shown: 'Ctrl Z', does: 'Undo' },
  { command: 'redo', code: 'KeyZ', with: 'mod-shift', shown: 'Ctrl ⇧ Z', does: 'Do again' },
  { command: 'find', code: 'KeyF', with: 'mod', shown: 'Ctrl F', does: 'Find and replace' },
  { command: 'help', code: 'Slash', with: 'mod', shown: 'Ctrl /', does: 'Show the keys' },
] as const satisfies readonly {
  command: string
  code: string
  with: 'alt' | 'mod' | 'mod-shift'
  shown: string
  does: string
}[]

export type EditorCommand = (typeof SHORTCUTS)[number]['command']
export type EditorCommands = Record<EditorCommand, () => void>

export const findShortcut = (command: EditorCommand) => SHORTCUTS.find((key) => key.command === command)!

/** Which command these keys mean. On a Mac ⌘ stands for Ctrl. `code` is the place on the keyboard. */
export function matchCommand(
  event: Pick<KeyboardEvent, 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
): EditorCommand | undefined {
  const isMod = event.ctrlKey || event.metaKey
  const held = isMod ? (event.shiftKey ? 'mod-shift' : 'mod') : event.altKey ? 'alt' : 'none'
  if (isMod && event.altKey) return undefined
  return SHORTCUTS.find((key) => key.code === event.code && key.with === held)?.command
}
