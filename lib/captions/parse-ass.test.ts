import { expect, it } from 'vitest'
import { parseSubtitles } from './parse'

const file = (...dialogue: string[]) =>
  [
    '[Script Info]',
    'ScriptType: v4.00+',
    '',
    '[V4+ Styles]',
    'Format: Name, Fontname, Fontsize',
    'Style: Default,Arial,20',
    '',
    '[Events]',
    'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
    ...dialogue,
    '',
  ].join('\r\n')
const line = (layer: number, text: string, times = '0:00:01.00,0:00:03.50') =>
  `Dialogue: ${layer},${times},Default,,0,0,0,,${text}`

it('reads dialogue without drawings, styles and comments', () => {
  const text = file(
    line(0, '{\\p1}m 0 0 l 100 0 100 100 0 100{\\p0}'),
    line(1, '{\\an8\\i1}Καλημέρα,{\\i0}\\Nκόσμε'),
    line(1, '{\\pos(10,10)\\p2}m 5 5 {\\bord0}b 1 2 3 4 5 6{\\p0} next to it'),
    'Comment: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,not shown',
  )
  expect(parseSubtitles(text)).toEqual({
    cues: [
      { startSeconds: 1, endSeconds: 3.5, text: 'Καλημέρα,\nκόσμε' },
      { startSeconds: 1, endSeconds: 3.5, text: 'next to it' },
    ],
    problems: [],
    moreProblems: 0,
  })
})

it('joins the syllables of karaoke', () => {
  const { cues } = parseSubtitles(file(line(0, '{\\k20}ka{\\kf30}ra{\\ko15}o{\\K10}ke {\\k5}bar')))
  expect(cues.map(({ text }) => text)).toEqual(['karaoke bar'])
})

it('shows the same line on several layers once', () => {
  const { cues } = parseSubtitles(
    file(
      line(0, '{\\bord4\\3c&H000000&}Hello'),
      line(1, 'Hello'),
      line(1, 'Hello', '0:00:04.00,0:00:05.00'),
      line(2, 'World'),
    ),
  )
  expect(cues.map(({ startSeconds, text }) => `${startSeconds} ${text}`)).toEqual([
    '1 Hello',
    '1 World',
    '4 Hello',
  ])
})

it('survives malformed and hostile lines', () => {
  const { cues, problems } = parseSubtitles(
    file(
      'Dialogue: 0,0:00:01.00,0:00:02.00',
      line(0, `{\\t(${' '.repeat(9_000)},x`),
      line(0, 'fine'),
      `a${' '.repeat(1e6)}b:`,
    ),
  )
  expect(cues.map(({ text }) => text)).toEqual(['{\\t( ,x', 'fine'])
  expect(problems).toEqual([{ line: 10, message: 'Invalid dialogue.' }])
})

it('reads a bounded number of lines', () => {
  const dialogue = Array.from({ length: 100_001 }, () => line(0, 'the same'))
  const { cues, problems } = parseSubtitles(file(...dialogue))
  expect(cues).toHaveLength(1)
  expect(problems).toEqual([{ line: 100_010, message: expect.stringContaining('too many lines') }])
  // A slow computer needs seconds for so many lines.
}, 60_000)

it('names the line of a cue that ends before it starts', () => {
  const { cues, problems } = parseSubtitles(file(line(0, 'fine'), line(0, 'wrong', '0:00:03.00,0:00:01.00')))
  expect(cues).toHaveLength(1)
  expect(problems).toEqual([{ line: 11, message: 'The cue ends before it starts.' }])
})
