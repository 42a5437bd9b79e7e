import { expect, it } from 'vitest'
import type { CueDto } from '@/lib/captions/schema'
import {
  findTextMatches,
  mergeCues,
  moveCueEnd,
  moveCueStart,
  createCue,
  replaceMatches,
  splitCue,
} from './cue-edits'

const cue = (id: string, from: number, to: number, text: string): CueDto => ({
  ...createCue(id, from),
  endSeconds: to,
  text,
  isEdited: false,
})

it('splits the text at the cursor and the time at the start of the next word', () => {
  const words = ['ask', 'not', 'what'].map((text, n) => ({
    text,
    startSeconds: n * 3,
    endSeconds: n * 3 + 1,
    confidence: null,
  }))
  const [head, tail] = splitCue({ ...cue('a', 0, 10, 'ask not what'), words }, 7, 'b')!
  expect(head).toMatchObject({ id: 'a', text: 'ask not', startSeconds: 0, endSeconds: 6, isEdited: true })
  expect(tail).toMatchObject({ id: 'b', text: 'what', startSeconds: 6, endSeconds: 10, words: null })
})

it('splits the time by text length without word times, and never creates an empty cue', () => {
  const [head, tail] = splitCue(cue('a', 10, 20, 'abcde fghij'), 5, 'b')!
  expect([head.endSeconds, tail.startSeconds]).toEqual([15, 15])
  expect(splitCue(cue('a', 0, 1, 'word'), 4, 'b')).toBeNull()
  expect(splitCue(cue('a', 0, 1, 'word'), 0, 'b')).toBeNull()
})

it('merges two cues from the first start to the last end', () => {
  expect(mergeCues(cue('a', 0, 2, 'ask not'), cue('b', 2, 5, 'what'))).toMatchObject({
    id: 'a',
    startSeconds: 0,
    endSeconds: 5,
    text: 'ask not what',
  })
})

it('keeps a minimum length when one end is moved past the other', () => {
  expect(moveCueStart(cue('a', 1, 2, 'x'), 9)).toMatchObject({ startSeconds: 1.95, endSeconds: 2 })
  expect(moveCueEnd(cue('a', 1, 2, 'x'), -9)).toMatchObject({ startSeconds: 1, endSeconds: 1.05 })
  expect(moveCueStart(cue('a', 1, 2, 'x'), -9).startSeconds).toBe(0)
})

it('creates a cue that ends before the next one starts', () => {
  expect(createCue('a', 3, cue('b', 4, 5, 'x')).endSeconds).toBe(4)
  expect(createCue('a', 3).endSeconds).toBe(5)
})

it('finds and replaces literal text, several times per cue', () => {
  const cues = [cue('a', 0, 1, 'a.b A.b ab'), cue('b', 1, 2, 'none')]
  const matches = findTextMatches(cues, { text: 'a.b', isCaseSensitive: false })
  expect(matches.map(({ from }) => from)).toEqual([0, 4])
  expect(findTextMatches(cues, { text: 'a.b', isCaseSensitive: true })).toHaveLength(1)
  expect(findTextMatches(cues, { text: '', isCaseSensitive: true })).toEqual([])
  const signs = String.raw`-/\^$*+?.()|[]{}&~#"'`
  for (const text of signs)
    expect(findTextMatches([cue('c', 0, 1, signs)], { text, isCaseSensitive: false }), text).toHaveLength(1)
  const replaced = replaceMatches(cues, matches, '$&!')
  expect(replaced.map(({ text }) => text)).toEqual(['$&! $&! ab', 'none'])
  expect(replaced[1]).toBe(cues[1])
})
