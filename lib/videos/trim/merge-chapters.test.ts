import { describe, expect, it } from 'vitest'
import { mergeChapters } from './merge-chapters'

const range = { startSeconds: 10, endSeconds: 40 }
const chapter = (title: string, startSeconds: number, endSeconds: number) => ({
  title,
  startSeconds,
  endSeconds,
})
const whole = [
  chapter('Waiting', 0, 5),
  chapter('Talk', 5, 20),
  chapter('Questions', 20, 45),
  chapter('End', 45, 60),
]
const merge = (trimmed: ReturnType<typeof chapter>[]) =>
  mergeChapters({ whole, trimmed, range, wholeSeconds: 60 }).map(({ title, startSeconds, endSeconds }) => [
    title,
    startSeconds,
    endSeconds,
  ])

describe('chapters that were edited while a video was trimmed', () => {
  it('stay in the range, with those outside of it as they were', () => {
    expect(merge([chapter('My talk', 0, 8), chapter('Demo', 8, 12), chapter('Questions', 12, 30)])).toEqual([
      ['Waiting', 0, 5],
      ['My talk', 5, 18],
      ['Demo', 18, 22],
      ['Questions', 22, 45],
      ['End', 45, 60],
    ])
  })

  it('may begin later, or have been removed', () => {
    expect(merge([chapter('Demo', 8, 30)])).toEqual([
      ['Waiting', 0, 5],
      ['Talk', 5, 18],
      ['Demo', 18, 45],
      ['End', 45, 60],
    ])
    expect(merge([])).toEqual([
      ['Waiting', 0, 5],
      ['Talk', 5, 45],
      ['End', 45, 60],
    ])
  })

  it('are added to a video without any', () => {
    const merged = mergeChapters({ whole: [], trimmed: [chapter('Talk', 0, 30)], range, wholeSeconds: 60 })
    expect(merged).toEqual([chapter('Talk', 10, 60)])
  })
})
