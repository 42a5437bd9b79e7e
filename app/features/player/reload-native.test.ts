import { expect, it } from 'vitest'
import { reloadNative } from './reload-native'

class FakeMedia extends EventTarget {
  src = '/old.m3u8'
  currentTime = 42
  paused = false
  api: unknown
  loads = 0
  plays = 0
  load() {
    this.loads++
    this.currentTime = 0
  }
  async play() {
    this.plays++
  }
}

it('loads the playlist again at the same position, once in a while, where the browser plays it', () => {
  const media = new FakeMedia()
  const stop = reloadNative(media, () => '/new.m3u8')
  media.dispatchEvent(new Event('error'))
  expect([media.src, media.loads]).toEqual(['/new.m3u8', 1])
  media.dispatchEvent(new Event('loadedmetadata'))
  expect([media.currentTime, media.plays]).toEqual([42, 1])
  media.dispatchEvent(new Event('error'))
  expect(media.loads).toBe(1)
  stop()
})

it('leaves errors of hls.js to it', () => {
  const media = new FakeMedia()
  media.api = {}
  reloadNative(media, () => '/new.m3u8')
  media.dispatchEvent(new Event('error'))
  expect(media.loads).toBe(0)
})
