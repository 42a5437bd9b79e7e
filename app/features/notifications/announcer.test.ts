import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAnnouncer } from './announcer'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('announces the first message at once, and at most ten times a minute', () => {
  const announcements: string[] = []
  const announcer = createAnnouncer((text) => announcements.push(text))
  announcer.announce(['harbour is ready'])
  expect(announcements).toEqual(['harbour is ready'])
  for (let second = 1; second < 60; second++) {
    announcer.announce([`clip ${second} is ready`])
    vi.advanceTimersByTime(1_000)
  }
  expect(announcements.length).toBeLessThanOrEqual(10)
  expect(announcements[1]).toBe('6 new notifications. Latest: clip 6 is ready')
})

it('announces nothing after it is stopped, and nothing again', () => {
  const announcements: string[] = []
  const announcer = createAnnouncer((text) => announcements.push(text))
  announcer.announce(['one'])
  vi.advanceTimersByTime(60_000)
  expect(announcements).toEqual(['one'])
  announcer.announce(['two'])
  announcer.announce(['three'])
  announcer.stop()
  vi.advanceTimersByTime(60_000)
  expect(announcements).toEqual(['one', 'two'])
})
