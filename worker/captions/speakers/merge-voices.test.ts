import { expect, it } from 'vitest'
import { mergeVoices } from './merge-voices'

const span = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds })
const speakersOf = (turns: ReturnType<typeof mergeVoices>) => turns.map(({ speaker }) => speaker)

it('joins similar voices of different parts, and numbers speakers in the order in which they first speak', () => {
  const turns = mergeVoices([
    { embedding: [0, 1, 0.1], turns: [span(5, 9), span(20, 30)] },
    { embedding: [1, 0.1, 0], turns: [span(0, 4)] },
    { embedding: [2, 0, 0.2], turns: [span(300, 310)] },
    { embedding: [0, 0, 1], turns: [span(311, 320)] },
  ])
  expect(turns.map(({ startSeconds }) => startSeconds)).toEqual([0, 5, 20, 300, 311])
  expect(speakersOf(turns)).toEqual([0, 1, 1, 0, 2])
})

it('adds a voice that speaks for a moment to the most similar speaker', () => {
  const turns = mergeVoices([
    { embedding: [1, 0], turns: [span(0, 10)] },
    { embedding: [0, 1], turns: [span(10, 20)] },
    { embedding: [-1, 0.2], turns: [span(20, 21)] },
  ])
  expect(speakersOf(turns)).toEqual([0, 1, 1])
})

it('keeps the only voice, however short, and accepts none', () => {
  expect(speakersOf(mergeVoices([{ embedding: [1, 0], turns: [span(3, 4)] }]))).toEqual([0])
  expect(mergeVoices([])).toEqual([])
})
