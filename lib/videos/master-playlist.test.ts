import { describe, expect, it } from 'vitest'
import { buildSubtitlePlaylist } from '../captions/hls-subtitles'
import { buildMasterPlaylist } from './master-playlist'
import { buildMediaPlaylist } from './media-playlist'
import { isPlayable } from './playable'

const segment = { index: 0, durationSeconds: 4, sizeBytes: 400_000 }
const rendition = (
  name: string,
  {
    segments = 1,
    state = 'in_progress' as 'queued' | 'in_progress' | 'done',
    extraCodec = null as string | null,
    channels = null as number | null,
    codecs = name.startsWith('audio') ? 'mp4a.40.2' : 'avc1.64001e',
  } = {},
) => ({
  name,
  mode: name.startsWith('audio') ? ('audio' as const) : ('encode' as const),
  state,
  width: 640,
  height: 360,
  frameRate: 25,
  extraCodec,
  codecs,
  channels,
  language: null,
  label: null as string | null,
  segments: Array.from({ length: segments }, (_, index) => ({ ...segment, index })),
  segmentBytes: BigInt(segments * segment.sizeBytes),
  segmentSeconds: segments * segment.durationSeconds,
  peakBitsPerSecond: segments > 0 ? 800_000 : 0,
})
const emptyRendition = { segments: 0, state: 'queued' as const }

describe('a video', () => {
  it('is not playable without its video or its audio', () => {
    expect(isPlayable([rendition('360p', emptyRendition), rendition('audio-0')])).toBe(false)
    expect(isPlayable([rendition('360p'), rendition('audio-0', emptyRendition)])).toBe(false)
    expect(buildMasterPlaylist([rendition('360p', emptyRendition), rendition('audio-0')])).toBeNull()
    expect(isPlayable([rendition('360p'), rendition('audio-0')])).toBe(true)
  })

  it('is playable without an audio track that is empty', () => {
    expect(isPlayable([rendition('360p'), rendition('audio-0', { segments: 0, state: 'done' })])).toBe(true)
  })

  it('offers started renditions until one is finished, then only finished ones', () => {
    const names = (text: string | null) => [...text!.matchAll(/^(\w+)\/index/gm)].map((match) => match[1])
    const started = [rendition('720p'), rendition('360p'), rendition('audio-0')]
    expect(names(buildMasterPlaylist(started))).toEqual(['720p', '360p'])
    const partlyFinished = [rendition('720p'), rendition('360p', { state: 'done' }), rendition('audio-0')]
    expect(names(buildMasterPlaylist(partlyFinished))).toEqual(['360p'])
  })
})

it('offers renditions in other codecs after those in H.264, once they are finished', () => {
  const streams = (state: 'in_progress' | 'done') =>
    buildMasterPlaylist([
      rendition('720p', { state: 'done' }),
      rendition('audio-0', { state: 'done' }),
      rendition('720p-av1', { state, extraCodec: 'av1', codecs: 'av01.0.05M.08' }),
      rendition('720p-hevc', { state, extraCodec: 'hevc', codecs: 'hvc1.1.6.L93.90' }),
    ])!
      .split('\n')
      .flatMap((line, n, lines) =>
        line.startsWith('#EXT-X-STREAM-INF') ? [[/CODECS="([^"]+)"/.exec(line)![1], lines[n + 1]]] : [],
      )
  expect(streams('in_progress')).toEqual([['avc1.64001e,mp4a.40.2', '720p/index.m3u8']])
  expect(streams('done')).toEqual([
    ['avc1.64001e,mp4a.40.2', '720p/index.m3u8'],
    ['av01.0.05M.08,mp4a.40.2', '720p-av1/index.m3u8'],
    ['hvc1.1.6.L93.90,mp4a.40.2', '720p-hevc/index.m3u8'],
  ])
})

describe('5.1', () => {
  const english = { ...rendition('audio-0', { channels: 2 }), label: 'English' }
  const comments = { ...rendition('audio-1', { channels: 2 }), label: 'Comments' }
  const surround = {
    ...rendition('audio-0-surround', { channels: 6 }),
    label: 'English',
    segmentBytes: 1_200_000n,
    peakBitsPerSecond: 2_400_000,
  }
  const video = [rendition('720p'), rendition('360p')]
  const lines = buildMasterPlaylist([...video, english, comments, surround])!.split('\n')
  const tracks = lines.filter((line) => line.startsWith('#EXT-X-MEDIA'))
  const streams = lines.filter((line) => line.startsWith('#EXT-X-STREAM-INF'))

  it('forms a second group with the same names, in which the other tracks are in stereo', () => {
    expect(tracks).toEqual([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio-0/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Comments",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="audio-1/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="surround",NAME="English",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="6",URI="audio-0-surround/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="surround",NAME="Comments",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="audio-1/index.m3u8"',
    ])
  })

  it('is offered with each rendition, after stereo', () => {
    const paths = lines.filter((line) => /^\d+p/.test(line))
    expect(paths).toEqual(['720p', '360p', '720p', '360p'].map((name) => `${name}/index.m3u8`))
    expect(streams.map((line) => /AUDIO="(\w+)"/.exec(line)![1])).toEqual([
      'audio',
      'audio',
      'surround',
      'surround',
    ])
  })

  it('has an average bitrate of its own, and the peak that hls.js takes for the same quality', () => {
    const rates = streams.map((line) => /:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+)/.exec(line)!.slice(1))
    expect([rates[0], rates[2]]).toEqual([
      ['3200000', '1600000'],
      ['3200000', '3200000'],
    ])
  })
})

it('builds the playlist of a rendition with hundreds of thousands of segments', () => {
  const long = rendition('360p', { segments: 200_000 })
  expect(buildMediaPlaylist(long, { isGrowing: false }).match(/m4s$/gm)).toHaveLength(200_000)
})

it('ends a media playlist when its rendition is done or its transcode has ended', () => {
  const isEnded = (state: 'in_progress' | 'done', isGrowing: boolean) =>
    buildMediaPlaylist(rendition('360p', { state }), { isGrowing }).includes('#EXT-X-ENDLIST')
  expect(isEnded('in_progress', true)).toBe(false)
  expect(isEnded('in_progress', false)).toBe(true)
  expect(isEnded('done', true)).toBe(true)
})

it('keeps the target duration of a rendition from its first segment to the end', () => {
  const targetDuration = (part: object, options: { keyframeGapSeconds?: number } = {}) => {
    const playlist = buildMediaPlaylist({ ...rendition('source'), ...part }, { isGrowing: true, ...options })
    return Number(/TARGETDURATION:(\d+)/.exec(playlist)![1])
  }
  const short = { segments: rendition('source', { segments: 3 }).segments }
  for (const mode of ['copy', 'encode', 'audio'] as const) {
    const states = (['in_progress', 'done'] as const).map((state) =>
      targetDuration({ ...short, mode, state }),
    )
    expect(states).toEqual(mode === 'copy' ? [15, 15] : [4, 4])
  }
  expect(targetDuration({ ...short, mode: 'copy' }, { keyframeGapSeconds: 2.002 })).toBe(6)
})

it('offers an audio file from its first segment on', () => {
  expect(isPlayable([rendition('audio-0', emptyRendition)])).toBe(false)
  expect(buildMasterPlaylist([rendition('audio-0')])).toContain('CODECS="mp4a.40.2"\naudio-0/index.m3u8')
})

describe('captions', () => {
  const tracks = [
    { id: 'a', language: 'de', label: 'German' },
    { id: 'b', language: null, label: 'German' },
  ]

  it('form a group with unique names that every rendition refers to', () => {
    const lines = buildMasterPlaylist([rendition('720p'), rendition('360p')], tracks)!.split('\n')
    expect(lines.filter((line) => line.includes('TYPE=SUBTITLES'))).toEqual([
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="German",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/a/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="German (2)",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/b/index.m3u8"',
    ])
    const streams = lines.filter((line) => line.startsWith('#EXT-X-STREAM-INF'))
    expect(streams.every((line) => line.includes('SUBTITLES="subtitles"'))).toBe(true)
  })

  it('are omitted if there are none', () => {
    expect(buildMasterPlaylist([rendition('360p')])).not.toContain('SUBTITLES')
  })

  it('are listed by the minute, each once no more cues can be added to it', () => {
    const growing = buildSubtitlePlaylist({ durationSeconds: 150, doneSeconds: 119, isComplete: false })
    expect([growing.includes('0.vtt'), growing.includes('1.vtt'), growing.includes('ENDLIST')]).toEqual([
      true,
      false,
      false,
    ])
    const complete = buildSubtitlePlaylist({ durationSeconds: 150, doneSeconds: 150, isComplete: true })
    expect(complete).toContain('#EXTINF:30.000,\n2.vtt\n#EXT-X-ENDLIST')
  })

  it('are limited to the longest accepted video, even if a file states a longer duration', () => {
    const playlist = buildSubtitlePlaylist({ durationSeconds: 6e9, doneSeconds: 0, isComplete: true })
    expect(playlist.match(/\.vtt$/gm)).toHaveLength(6_000)
  })
})
