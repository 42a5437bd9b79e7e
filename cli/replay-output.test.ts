import { expect, it } from 'vitest'
import { forReplay } from './replay-output'

it.each([
  ['queries of the position and the type of the terminal', 'a\x1b[6n\x1b[c\x1b[>0c\x1b[?1;2cb\x05'],
  [
    'queries of shells and editors',
    'a\x1b[?u\x1b[>q\x1b[>0q\x1b[?2026$p\x1b[4$p\x1b[14t\x1b[18t\x1b[x\x1bZb',
  ],
  ['the title, the clipboard and their queries', 'a\x1b]0;title\x07\x1b]52;c;?\x1b\\b'],
  ['device control strings', 'a\x1bP$q"p\x1b\\b'],
])('removes %s', (_, text) => {
  expect(forReplay(Buffer.from(text)).toString()).toBe('ab')
})

it('keeps text, colors and cursor movements', () => {
  const text = '\x1b[1;32mgrün\x1b[0m\r\n\x1b[2Kroot# '
  expect(forReplay(Buffer.from(text)).toString()).toBe(text)
})
