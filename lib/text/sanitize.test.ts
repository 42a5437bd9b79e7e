import { expect, it } from 'vitest'
import { sanitizeFilename, sanitizeText } from './sanitize'

it('takes out what no page can show', () => {
  expect(sanitizeText(' a\0b\nc\u202egpj.exe\ud800 ')).toBe('a b c gpj.exe\ufffd')
})

it('keeps the last part of a path, of whatever system', () => {
  expect(['C:\\clips\\one.mp4', '/home/ada/two.mp4', ' .. ', '🎬 «drei».mp4'].map(sanitizeFilename)).toEqual([
    'one.mp4',
    'two.mp4',
    '..',
    '🎬 «drei».mp4',
  ])
})
