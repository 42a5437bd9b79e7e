import { expect, it } from 'vitest'
import { createPlayhead, findCueIndex } from './playhead'

/** The part of a media element that a playhead uses. */
class FakeMedia extends EventTarget {
  currentTime = 0
  readyState = 4
  paused = true
  play = async () => void ((this.paused = false), this.dispatchEvent(new Event('play')))
  pause = () => void ((this.paused = true), this.dispatchEvent(new Event('pause')))
  at(seconds: number) {
    this.currentTime = seconds
    this.dispatchEvent(new Event('timeupdate'))
  }
}

it('keeps its position when the media element is replaced', () => {
  const playhead = createPlayhead(12.3)
  const first = new FakeMedia()
  const detach = playhead.attach(first)
  first.at(0)
  expect(playhead.read().seconds).toBe(12.3)
  first.at(12.4)
  detach()
  first.at(99)
  playhead.attach(new FakeMedia()) // still at 0
  expect(playhead.read().seconds).toBe(12.4)
})

it('seeks before media is attached', () => {
  const playhead = createPlayhead()
  playhead.seek(5)
  expect(playhead.seconds()).toBe(5)
  const media = new FakeMedia()
  playhead.attach(media)
  playhead.seek(7)
  expect(media.currentTime).toBe(7)
})

it('starts to play before media is attached', () => {
  const playhead = createPlayhead()
  playhead.play()
  expect(playhead.read().isPlaying).toBe(true)
  playhead.toggle()
  expect(playhead.read().isPlaying).toBe(false)
})

it('plays, pauses and notifies subscribers', () => {
  const playhead = createPlayhead()
  const seen: boolean[] = []
  playhead.subscribe(() => seen.push(playhead.read().isPlaying))
  playhead.attach(new FakeMedia())
  playhead.toggle()
  playhead.toggle()
  expect(seen).toEqual([true, false])
})

it('finds the current cue, or the last one before the position', () => {
  const cues = [1, 5, 5, 9].map((startSeconds) => ({ startSeconds }))
  expect([0, 1, 4.9, 5, 8, 100].map((seconds) => findCueIndex(cues, seconds))).toEqual([-1, 0, 0, 2, 2, 3])
  expect(findCueIndex(cues, 8.97)).toBe(3)
  expect(findCueIndex([], 3)).toBe(-1)
})
