import { describe, expect, it } from 'vitest'
import { planExtraLadder, planLadder, segmentIndexAt, segmentStartSeconds } from './ladder'
import { type AudioTrackInfo, type MediaInfo, NO_METADATA, type VideoTrackInfo } from './media-info'

const buildMediaInfo = (video: Partial<VideoTrackInfo>): MediaInfo => ({
  demuxer: 'mov',
  durationSeconds: 10,
  sizeBytes: 1_000_000,
  bitsPerSecond: 800_000,
  audio: [],
  subtitles: [],
  coverIndex: null,
  metadata: NO_METADATA,
  unusedVideoTracks: 0,
  damage: [],
  video: {
    index: 0,
    codec: 'h264',
    profile: 'High',
    level: 40,
    width: 1920,
    height: 1080,
    codedWidth: 1920,
    codedHeight: 1080,
    rotation: 0,
    sampleAspectRatio: 1,
    pixelFormat: 'yuv420p',
    bitDepth: 8,
    frameRate: 25,
    isVariableFrameRate: false,
    timeBaseSeconds: 1 / 12_800,
    isInterlaced: false,
    startSeconds: 0,
    endSeconds: 10,
    isHdr: false,
    isToneMapped: true,
    color: null,
    hasAlpha: false,
    keyframeGapSeconds: 2,
    isWebSafe: true,
    ...video,
  },
})
const plannedNames = (info: MediaInfo) => planLadder(info).encodes.map((rung) => rung.name)

describe('planLadder', () => {
  it('copies a web-safe source and encodes only smaller rungs', () => {
    const ladder = planLadder(buildMediaInfo({}))
    expect(ladder.source).toMatchObject({ name: 'source', mode: 'copy', height: 1080 })
    expect(plannedNames(buildMediaInfo({}))).toEqual(['720p', '480p', '360p'])
  })
  it('encodes a source that browsers cannot play at its own size', () => {
    expect(planLadder(buildMediaInfo({ isWebSafe: false })).source).toBeNull()
    expect(plannedNames(buildMediaInfo({ isWebSafe: false }))).toEqual(['1080p', '720p', '480p', '360p'])
    expect(plannedNames(buildMediaInfo({ isWebSafe: false, width: 3840, height: 2160 }))[0]).toBe('1080p')
    expect(plannedNames(buildMediaInfo({ isWebSafe: false, width: 320, height: 240 }))).toEqual(['240p'])
  })
  it('never upscales', () => {
    expect(plannedNames(buildMediaInfo({ width: 768, height: 432 }))).toEqual(['360p'])
  })
  it('names a portrait clip by its shorter side', () => {
    expect(planLadder(buildMediaInfo({ width: 1080, height: 1920 })).encodes[0]).toMatchObject({
      name: '720p',
      width: 720,
      height: 1280,
    })
  })
  it('rounds both sides to even numbers', () => {
    for (const rung of planLadder(buildMediaInfo({ width: 853, height: 481, isWebSafe: false })).encodes) {
      expect([rung.width % 2, rung.height % 2]).toEqual([0, 0])
    }
  })
})

describe('an encoded rung', () => {
  it('is never larger than an odd source', () => {
    for (const rung of planLadder(buildMediaInfo({ width: 853, height: 481, isWebSafe: false })).encodes)
      expect(rung.height).toBeLessThanOrEqual(480)
  })
  it('gets a lower bitrate limit below the standard size and a higher one at 60 frames per second', () => {
    const [tiny] = planLadder(buildMediaInfo({ width: 320, height: 180, isWebSafe: false })).encodes
    expect(tiny!.maxRateBps).toBeLessThan(1_037_000)
    const [fast] = planLadder(buildMediaInfo({ frameRate: 120, isWebSafe: false })).encodes
    expect(fast).toMatchObject({ frameRate: 60, maxRateBps: 9_331_500 })
  })
})

describe('audio', () => {
  const buildTrack = (more: Partial<AudioTrackInfo> = {}): AudioTrackInfo => ({
    index: 1,
    codec: 'aac',
    profile: 'LC',
    channels: 2,
    sampleRate: 48_000,
    language: null,
    title: null,
    isDefault: false,
    startSeconds: 0,
    endSeconds: 10,
    isCopyable: true,
    surround: null,
    ...more,
  })
  const planAudio = (audio: AudioTrackInfo[], more: Partial<MediaInfo> = {}) =>
    planLadder({ ...buildMediaInfo({}), audio, ...more }).audio

  it('includes at most 32 tracks, named in order', () => {
    const tracks = Array.from({ length: 40 }, () => buildTrack())
    expect(planLadder({ ...buildMediaInfo({}), video: null, audio: tracks })).toMatchObject({
      source: null,
      encodes: [],
    })
    expect(planAudio(tracks).map(({ name }) => name)).toEqual(
      Array.from({ length: 32 }, (_, n) => `audio-${n}`),
    )
  })

  it('in 5.1 follows the tracks in stereo, copied if the source is AAC LC', () => {
    const surround = { channels: 6, isCopyable: false }
    const tracks = [
      buildTrack({ ...surround, surround: 'encode' }),
      buildTrack(),
      buildTrack({ ...surround, surround: 'copy', isDefault: true }),
    ]
    expect(
      planAudio(tracks).map(({ name, renditionChannels, isCopyable }) => [
        name,
        renditionChannels,
        isCopyable,
      ]),
    ).toEqual([
      ['audio-0', 2, false],
      ['audio-1', 2, false],
      ['audio-2', 2, true],
      ['audio-0-surround', 6, true],
      ['audio-1-surround', 6, false],
    ])
  })

  it('is in 5.1 for the first 8 such tracks of a video, and for none of an audio file', () => {
    const tracks = Array.from({ length: 10 }, () => buildTrack({ channels: 6, surround: 'copy' }))
    expect(planAudio(tracks)).toHaveLength(18)
    expect(planAudio(tracks, { video: null })).toHaveLength(10)
  })
})

it('finds the segment at a time', () => {
  for (const index of [0, 1, 2, 3, 4, 50]) {
    expect(segmentIndexAt(segmentStartSeconds(index))).toBe(index)
    expect(segmentIndexAt(segmentStartSeconds(index + 1) - 0.001)).toBe(index)
  }
})

it('starts with short segments, followed by segments of four seconds', () => {
  expect([0, 1, 2, 3, 4, 5].map(segmentStartSeconds)).toEqual([0, 1, 2, 4, 8, 12])
})

describe('a ladder in another codec', () => {
  const extraNames = (video: Partial<VideoTrackInfo>) =>
    planExtraLadder(buildMediaInfo(video), 'av1').encodes.map(({ name }) => name)

  it('has the sizes of the one in H.264, and that of a copied source up to 1080', () => {
    expect(extraNames({})).toEqual(['1080p-av1', '720p-av1', '480p-av1', '360p-av1'])
    expect(extraNames({ isWebSafe: false })).toEqual(extraNames({}))
    expect(extraNames({ width: 3840, height: 2160 })).toEqual(extraNames({}))
    expect(extraNames({ width: 320, height: 240 })).toEqual(['240p-av1'])
  })
  it('limits the bitrate further', () => {
    const [rung] = planExtraLadder(buildMediaInfo({}), 'hevc').encodes
    expect(rung).toMatchObject({ codec: 'hevc', width: 1920, height: 1080, maxRateBps: 3_732_600 })
  })
  it('is empty for an audio file', () => {
    expect(planExtraLadder({ ...buildMediaInfo({}), video: null }, 'av1').encodes).toEqual([])
  })
})
