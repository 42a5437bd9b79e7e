import { expect, it } from 'vitest'
import type { MediaInfo } from '../media-info'
import { snapToFrames } from './snap-to-frames'

const film = { durationSeconds: 60.02, video: { frameRate: 25 } } as MediaInfo

it('rounds the start and the end to frames', () => {
  expect(snapToFrames({ startSeconds: 5.49, endSeconds: 23.21 }, film)).toEqual({
    startSeconds: 5.48,
    endSeconds: 23.2,
  })
  expect(snapToFrames({ startSeconds: 0.019, endSeconds: 1 }, film).startSeconds).toBe(0)
})

it('ends with the file if less than half a frame would be cut', () => {
  expect(snapToFrames({ startSeconds: 0, endSeconds: 60.01 }, film).endSeconds).toBe(60.02)
  expect(snapToFrames({ startSeconds: 0, endSeconds: 70 }, film).endSeconds).toBe(60.02)
})

it('leaves times of sound alone', () => {
  const range = { startSeconds: 5.4901, endSeconds: 23.2101 }
  expect(snapToFrames(range, { ...film, video: null })).toEqual(range)
})
