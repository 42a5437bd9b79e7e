import { expect, it } from 'vitest'
import { parseSubtitles } from './parse'
import { toPlainText, toSubRip, toWebVtt } from './serialize'

const cues = [
  { startSeconds: 0, endSeconds: 1, text: 'Good morning.', speaker: 'Ada <3' },
  { startSeconds: 1, endSeconds: 2, text: 'How are you?', speaker: 'Ada <3' },
  { startSeconds: 2, endSeconds: 3, text: 'Fine & well.', speaker: 'Ben' },
  { startSeconds: 3, endSeconds: 4, text: '[music]', speaker: null },
]

it('WebVTT names the speaker of each cue as its voice, which an import reads', () => {
  const text = toWebVtt(cues)
  expect(text).toContain('00:00:01.000 --> 00:00:02.000\n<v Ada &lt;3>How are you?\n')
  expect(text).toContain('\n[music]\n')
  const read = parseSubtitles(text).cues.map(({ speaker = null, ...cue }) => ({ ...cue, speaker }))
  expect(read).toEqual(cues)
})

it('SubRip and plain text name a speaker where that speaker begins', () => {
  const texts = ['Ada <3: Good morning.', 'How are you?', 'Ben: Fine & well.', '[music]']
  expect(parseSubtitles(toSubRip(cues).replaceAll('<3', 'L')).cues.map(({ text }) => text)).toEqual(
    texts.map((text) => text.replaceAll('<3', 'L')),
  )
  expect(toPlainText(cues)).toBe(texts.map((text, n) => `[00:00:0${n}] ${text}\n`).join(''))
})
