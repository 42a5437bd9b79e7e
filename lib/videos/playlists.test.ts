import { describe, expect, it } from 'vitest'
import { buildSubtitlePlaylist } from '../captions/hls-subtitles'
import { isPlayable, buildMasterPlaylist, buildMediaPlaylist } from './playlists'

const segment = { index: 0, durationSeconds: 4, sizeBytes: 400_000 }
const rendition = (
  name: string,
  { segments = 1, state = 'in_progress' as 'queued' | 'in_progress' | 'done' } = {},
) => ({
  name,
  mode: name.startsWith('audio') ? ('audio' as const) : ('encode' as const),
  state,
  width: 640,
  height: 360,
  frameRate: 25,
  codecs: name.startsWith('audio') ? 'mp4a.40.2' : 'avc1.64001e',
  language: null,
  label: null,
  segments: Array.from({ length: segments }, (_, index) => ({ ...segment, index })),
})
const emptyRendition = { segments: 0, state: 'queued' as const }

describe('a video', () => {
  it('is not played by its sound alone, nor without its sound', () => {
    expect(isPlayable([rendition('360p', emptyRendition), rendition('audio-0')])).toBe(false)
    expect(isPlayable([rendition('360p'), rendition('audio-0', emptyRendition)])).toBe(false)
    expect(buildMasterPlaylist([rendition('360p', emptyRendition), rendition('audio-0')])).toBeNull()
    expect(isPlayable([rendition('360p'), rendition('audio-0')])).toBe(true)
  })

  it('is played without a track in which nothing was found', () => {
    expect(isPlayable([rendition('360p'), rendition('audio-0', { segments: 0, state: 'done' })])).toBe(true)
  })

  it('offers what has begun while nothing is whole, and then only what is whole', () => {
    const names = (text: string | null) => [...text!.matchAll(/^(\w+)\/index/gm)].map((match) => match[1])
    const begun = [rendition('720p'), rendition('360p'), rendition('audio-0')]
    expect(names(buildMasterPlaylist(begun))).toEqual(['720p', '360p'])
    const whole = [rendition('720p'), rendition('360p', { state: 'done' }), rendition('audio-0')]
    expect(names(buildMasterPlaylist(whole))).toEqual(['360p'])
  })
})

it('a rendition has as many segments as there are', () => {
  const long = rendition('360p', { segments: 200_000 })
  expect(buildMasterPlaylist([long])).toContain('BANDWIDTH=800000,')
  expect(buildMediaPlaylist(long, { isGoingOn: false }).match(/m4s$/gm)).toHaveLength(200_000)
})

it('a rendition grows as long as it is worked on, and ends with what there is', () => {
  const isEnded = (state: 'in_progress' | 'done', isGoingOn: boolean) =>
    buildMediaPlaylist(rendition('360p', { state }), { isGoingOn }).includes('#EXT-X-ENDLIST')
  expect(isEnded('in_progress', true)).toBe(false)
  expect(isEnded('in_progress', false)).toBe(true)
  expect(isEnded('done', true)).toBe(true)
})

it('an audio file is played as soon as it has begun', () => {
  expect(isPlayable([rendition('audio-0', emptyRendition)])).toBe(false)
  expect(buildMasterPlaylist([rendition('audio-0')])).toContain('CODECS="mp4a.40.2"\naudio-0/index.m3u8')
})

describe('captions', () => {
  const tracks = [
    { id: 'a', language: 'de', label: 'German' },
    { id: 'b', language: null, label: 'German' },
  ]

  it('are a group of the playlist, no two of one name, in every rendition', () => {
    const lines = buildMasterPlaylist([rendition('720p'), rendition('360p')], tracks)!.split('\n')
    expect(lines.filter((line) => line.includes('TYPE=SUBTITLES'))).toEqual([
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="German",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/a/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="German (2)",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/b/index.m3u8"',
    ])
    const streams = lines.filter((line) => line.startsWith('#EXT-X-STREAM-INF'))
    expect(streams.every((line) => line.includes('SUBTITLES="subtitles"'))).toBe(true)
  })

  it('are not promised where there are none', () => {
    expect(buildMasterPlaylist([rendition('360p')])).not.toContain('SUBTITLES')
  })

  it('grow while they are made: a minute is there when nothing more will come into it', () => {
    const growing = buildSubtitlePlaylist({ durationSeconds: 150, doneSeconds: 119, isWhole: false })
    expect([growing.includes('0.vtt'), growing.includes('1.vtt'), growing.includes('ENDLIST')]).toEqual([
      true,
      false,
      false,
    ])
    const whole = buildSubtitlePlaylist({ durationSeconds: 150, doneSeconds: 150, isWhole: true })
    expect(whole).toContain('#EXTINF:30.000,\n2.vtt\n#EXT-X-ENDLIST')
  })

  it('have a minute for each that there can be, whatever length a file once stated', () => {
    const made = buildSubtitlePlaylist({ durationSeconds: 6e9, doneSeconds: 0, isWhole: true })
    expect(made.match(/\.vtt$/gm)).toHaveLength(6_000)
  })
})
