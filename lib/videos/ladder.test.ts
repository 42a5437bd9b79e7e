import { describe, expect, it } from 'vitest'
import { planLadder, segmentStart } from './ladder'
import type { MediaInfo } from './media-info'

const info = (video: Partial<NonNullable<MediaInfo['video']>>): MediaInfo => ({
  demuxer: 'mov',
  durationSeconds: 10,
  audio: [],
  video: {
    index: 0, codec: 'h264', width: 1920, height: 1080, frameRate: 25, isInterlaced: false, isHdr: false, isWebSafe: true,
    ...video,
  },
})
const names = (of: MediaInfo) => planLadder(of).encodes.map((rung) => rung.name)

describe('planLadder', () => {
  it('keeps a web-safe source as it is and encodes only what is smaller', () => {
    const ladder = planLadder(info({}))
    expect(ladder.source).toMatchObject({ name: 'source', mode: 'copy', height: 1080 })
    expect(names(info({}))).toEqual(['720p', '480p', '360p'])
  })
  it('encodes a source that browsers do not play at its own size', () => {
    expect(planLadder(info({ isWebSafe: false })).source).toBeNull()
    expect(names(info({ isWebSafe: false }))).toEqual(['1080p', '720p', '480p', '360p'])
    expect(names(info({ isWebSafe: false, width: 3840, height: 2160 }))[0]).toBe('1080p')
    expect(names(info({ isWebSafe: false, width: 320, height: 240 }))).toEqual(['240p'])
  })
  it('never upscales', () => {
    expect(names(info({ width: 768, height: 432 }))).toEqual(['360p'])
  })
  it('names a portrait clip by its shorter side', () => {
    expect(planLadder(info({ width: 1080, height: 1920 })).encodes[0]).toMatchObject({ name: '720p', width: 720, height: 1280 })
  })
  it('makes both sides even', () => {
    for (const rung of planLadder(info({ width: 853, height: 481, isWebSafe: false })).encodes) {
      expect([rung.width % 2, rung.height % 2]).toEqual([0, 0])
    }
  })
})

it('starts with short segments, then four seconds each', () => {
  expect([0, 1, 2, 3, 4, 5].map(segmentStart)).toEqual([0, 1, 2, 4, 8, 12])
})
