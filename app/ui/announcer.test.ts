import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAnnouncer, newestText } from './announcer'
import { summarizeEvents } from './announcements'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function record(summarize: (texts: readonly string[]) => string) {
  const announcements: string[] = []
  const announcer = createAnnouncer({ publish: (text) => announcements.push(text), summarize })
  return { announcements, announcer }
}

it('announces the first event at once, and at most ten times a minute', () => {
  const { announcements, announcer } = record(summarizeEvents)
  announcer.announce(['harbour is ready'])
  expect(announcements).toEqual(['harbour is ready'])
  for (let second = 1; second < 60; second++) {
    announcer.announce([`clip ${second} is ready`])
    vi.advanceTimersByTime(1_000)
  }
  expect(announcements.length).toBeLessThanOrEqual(10)
  expect(announcements[1]).toBe('6 updates. Latest: clip 6 is ready')
})

it('announces each of a few events of an interval', () => {
  const { announcements, announcer } = record(summarizeEvents)
  announcer.announce(['Upload started: clip.mp4'])
  announcer.announce(['Upload finished: clip.mp4'])
  announcer.announce(['Started: clip · Transcoding'])
  vi.advanceTimersByTime(60_000)
  expect(announcements).toEqual([
    'Upload started: clip.mp4',
    'Upload finished: clip.mp4\nStarted: clip · Transcoding',
  ])
})

it('announces the newest state only', () => {
  const { announcements, announcer } = record(newestText)
  for (const count of [1, 2, 3]) announcer.announce([`${count} selected`])
  vi.advanceTimersByTime(60_000)
  expect(announcements).toEqual(['1 selected', '3 selected'])
})

it('announces nothing after it is stopped, and nothing again', () => {
  const { announcements, announcer } = record(newestText)
  announcer.announce(['one'])
  vi.advanceTimersByTime(60_000)
  expect(announcements).toEqual(['one'])
  announcer.announce(['two'])
  announcer.announce(['three'])
  announcer.stop()
  vi.advanceTimersByTime(60_000)
  expect(announcements).toEqual(['one', 'two'])
})
