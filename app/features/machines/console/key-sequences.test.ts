import { expect, it } from 'vitest'
import { toControlCharacter, toKeySequence } from './key-sequences'

const plain = { isApplicationMode: false, hasControl: false }

it('sends the sequences that programs expect of keys', () => {
  expect(toKeySequence('Escape', plain)).toBe('\u001b')
  expect(toKeySequence('Tab', plain)).toBe('\t')
  expect(toKeySequence('ArrowUp', plain)).toBe('\u001b[A')
  expect(toKeySequence('ArrowLeft', { ...plain, isApplicationMode: true })).toBe('\u001bOD')
  expect(toKeySequence('ArrowRight', { isApplicationMode: true, hasControl: true })).toBe('\u001b[1;5C')
})

it('sends control characters for letters and some signs only', () => {
  expect(['c', 'C', '[', '_', ' '].map(toControlCharacter)).toEqual([
    '\u0003',
    '\u0003',
    '\u001b',
    '\u001f',
    '\0',
  ])
  for (const text of ['1', 'é', '\r', 'pasted', '']) expect(toControlCharacter(text)).toBe(text)
})
