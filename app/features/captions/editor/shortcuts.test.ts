import { expect, it } from 'vitest'
import { matchCommand, SHORTCUTS } from './shortcuts'

const press = (code: string, held: object = {}) =>
  matchCommand({ code, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held })

it('has keys for each command, no two the same', () => {
  expect(new Set(SHORTCUTS.map((key) => `${key.with} ${key.code}`)).size).toBe(SHORTCUTS.length)
})

it('knows commands by what is held, on a Mac with ⌘', () => {
  expect(press('KeyZ', { ctrlKey: true })).toBe('undo')
  expect(press('KeyZ', { metaKey: true, shiftKey: true })).toBe('redo')
  expect(press('KeyK', { altKey: true })).toBe('toggle')
})

it('leaves alone what is typed, and what is for the system', () => {
  expect(press('KeyK')).toBeUndefined()
  expect(press('KeyK', { ctrlKey: true })).toBeUndefined()
  expect(press('KeyM', { altKey: true, ctrlKey: true })).toBeUndefined()
})
