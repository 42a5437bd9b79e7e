import { expect, it } from 'vitest'
import { matchCommand, SHORTCUTS } from './shortcuts'

const press = (code: string, held: object = {}) =>
  matchCommand({ code, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held })

it('assigns different keys to every command', () => {
  expect(new Set(SHORTCUTS.map((key) => `${key.with} ${key.code}`)).size).toBe(SHORTCUTS.length)
})

it('matches commands by their modifiers, with ⌘ for Ctrl on a Mac', () => {
  expect(press('KeyZ', { ctrlKey: true })).toBe('undo')
  expect(press('KeyZ', { metaKey: true, shiftKey: true })).toBe('redo')
  expect(press('KeyK', { altKey: true })).toBe('toggle')
})

it('ignores typing and system shortcuts', () => {
  expect(press('KeyK')).toBeUndefined()
  expect(press('KeyK', { ctrlKey: true })).toBeUndefined()
  expect(press('KeyM', { altKey: true, ctrlKey: true })).toBeUndefined()
})
