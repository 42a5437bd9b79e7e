import { expect, it } from 'vitest'
import { sanitizeFilename, sanitizeText } from './sanitize'

it('removes control characters and bidirectional overrides', () => {
  expect(sanitizeText(' a\0b\nc\u202egpj.exe\ud800 ')).toBe('a b c gpj.exe\ufffd')
})

it('keeps the last segment of a Windows or POSIX path', () => {
  expect(['C:\\clips\\one.mp4', '/home/ada/two.mp4', ' .. ', '🎬 «drei».mp4'].map(sanitizeFilename)).toEqual([
    'one.mp4',
    'two.mp4',
    '..',
    '🎬 «drei».mp4',
  ])
})
