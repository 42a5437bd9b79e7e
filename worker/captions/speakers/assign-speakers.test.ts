import { describe, expect, it } from 'vitest'
import { findSpeaker, splitBySpeaker } from './assign-speakers'
import { nameSpeakers } from './name-speakers'

const turn = (speaker: number, startSeconds: number, endSeconds: number) => ({
  speaker,
  startSeconds,
  endSeconds,
})

/** A cue whose words take half a second each. */
function createCue(text: string, { hasWords = true } = {}) {
  const texts = text.split(' ')
  const words = texts.map((word, n) => ({
    text: word,
    startSeconds: n / 2,
    endSeconds: n / 2 + 0.5,
    confidence: null,
  }))
  return { startSeconds: 0, endSeconds: texts.length / 2 + 1, text, words: hasWords ? words : null }
}

const split = (text: string, turns: Parameters<typeof splitBySpeaker>[1]) =>
  splitBySpeaker(createCue(text), turns).map((part) => [part.speaker, part.text])

describe('a cue', () => {
  it('is divided where the speaker changes', () => {
    const parts = splitBySpeaker(createCue('How are you? Fine, thank you.'), [
      turn(0, 0, 1.5),
      turn(1, 1.5, 4),
    ])
    expect(parts).toMatchObject([
      { speaker: 0, text: 'How are you?', startSeconds: 0, endSeconds: 1.5 },
      { speaker: 1, text: 'Fine, thank you.', startSeconds: 1.5, endSeconds: 4 },
    ])
    expect(parts.map(({ words }) => words!.length)).toEqual([3, 3])
  })

  it('is divided at the end of a sentence that is one word away', () => {
    const text = 'How are you? Fine, thank you.'
    expect(split(text, [turn(0, 0, 1), turn(1, 1, 4)])[0]).toEqual([0, 'How are you?'])
    expect(split(text, [turn(0, 0, 2), turn(1, 2, 4)])[0]).toEqual([0, 'How are you?'])
    expect(split(text, [turn(0, 0, 2.5), turn(1, 2.5, 4)])[0]).toEqual([0, 'How are you? Fine, thank'])
  })

  it('stays whole within a turn and without word times, with the speaker of most of its time', () => {
    expect(split('One two three', [turn(3, 0, 9)])).toEqual([[3, 'One two three']])
    const cue = createCue('One two three', { hasWords: false })
    expect(splitBySpeaker(cue, [turn(0, 0, 1), turn(1, 1, 4)])).toEqual([{ ...cue, speaker: 1 }])
  })

  it('outside of all turns has the nearest speaker', () => {
    const range = { startSeconds: 10, endSeconds: 11 }
    expect(findSpeaker(range, [turn(0, 0, 2), turn(1, 12, 13)])).toBe(1)
    expect(findSpeaker(range, [])).toBeNull()
  })
})

describe('speakers', () => {
  const turns = [turn(0, 0, 10), turn(1, 10, 20), turn(2, 20, 30)]

  it('are numbered', () => {
    expect(nameSpeakers(turns, [])).toEqual(['Speaker 1', 'Speaker 2', 'Speaker 3'])
  })

  it('keep the names that users gave to most of what they say, and are numbered otherwise', () => {
    const earlier = [
      { startSeconds: 0, endSeconds: 9, speaker: 'Speaker 3' },
      { startSeconds: 9, endSeconds: 19, speaker: 'Ada' },
      { startSeconds: 19, endSeconds: 30, speaker: 'Speaker 1' },
    ]
    expect(nameSpeakers(turns, earlier)).toEqual(['Speaker 1', 'Ada', 'Speaker 2'])
  })
})
