import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PermanentError } from '@/lib/errors'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import { probeMedia } from '@/worker/video/ffmpeg/probe-media'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { LadderRun, MEMORY_BYTES, probeFile } from '@/tests/support/ladder-run'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'probe-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('probing a file', () => {
  it.each<[MediaName, object, object[]]>([
    [
      'web-safe.mp4',
      { width: 640, height: 360, isWebSafe: true, frameRate: 25, rotation: 0 },
      [{ codec: 'aac', isCopyable: true, channels: 2 }],
    ],
    ['hevc.mkv', { codec: 'hevc', isWebSafe: false }, [{ codec: 'flac', isCopyable: false }]],
    ['rotated.mp4', { width: 360, height: 640, codedWidth: 640, codedHeight: 360, isWebSafe: false }, [{}]],
    ['odd.mkv', { width: 641, height: 361, isWebSafe: false }, []],
    ['anamorphic.mp4', { width: 524, height: 288, codedWidth: 360, isWebSafe: false }, []],
    ['interlaced.mp4', { isInterlaced: true, isWebSafe: false }, []],
    ['hdr.mkv', { isHdr: true, bitDepth: 10, isWebSafe: false }, []],
    ['variable-rate.mkv', { isVariableFrameRate: true, frameRate: 30, isWebSafe: false }, []],
    ['profile-change.mp4', { width: 320, height: 240, keyframeGapSeconds: 1, isWebSafe: false }, []],
    ['sparse-keyframes.mp4', { keyframeGapSeconds: 20, isWebSafe: false }, []],
    [
      'two-languages.mkv',
      { isWebSafe: true },
      [
        { language: 'en', title: null, isDefault: false },
        { language: 'de', title: 'Kommentar', isDefault: true },
      ],
    ],
    [
      'surround.mkv',
      { isWebSafe: true },
      [{ codec: 'ac3', channels: 6, isCopyable: false, surround: 'encode' }],
    ],
  ])('detects the streams of %s', async (name, video, audio) => {
    const info = mediaInfoSchema.parse(await probeFile(await generateMedia(name)))
    expect(info.video).toMatchObject(video)
    expect(info.audio).toMatchObject(audio)
  })

  it.each<MediaName>(['song.mp3', 'song.m4a', 'cover.mp3'])('finds only audio in %s', async (name) => {
    expect(await probeFile(await generateMedia(name))).toMatchObject({ video: null, audio: [{ index: 0 }] })
  })

  it('measures the rate of an animation, and how long its last picture is shown', async () => {
    const run = new LadderRun(await generateMedia('slides.gif'), root)
    await run.run()
    expect(run.info).toMatchObject({ durationSeconds: 3, video: { frameRate: 1 } })
  })

  it('measures the other tracks of a file of which ffmpeg cannot list one', async () => {
    const { audio, durationSeconds } = await probeFile(await generateMedia('unknown-track.mkv'))
    expect(audio.map(({ index }) => index)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(durationSeconds).toBeCloseTo(2, 0)
  })

  it('measures the duration of a recording that states none', async () => {
    expect((await probeFile(await generateMedia('recorded.webm'))).durationSeconds).toBeCloseTo(5, 1)
  })

  it('measures the duration of a recording that states an impossible one', async () => {
    expect((await probeFile(await generateMedia('overstated.mkv'))).durationSeconds).toBeCloseTo(3, 1)
  })

  it('truncates titles to one line without splitting a character', async () => {
    const { audio, subtitles } = await probeFile(await generateMedia('emoji-titles.mkv'))
    for (const [track] of [audio, subtitles]) expect(track!.title).toBe(`a ${'🎬'.repeat(49)}`)
  })

  it.each<[MediaName, string, string]>([
    ['letter.mp4', 'video.not_media', 'This is not a video or audio file. Its type is plain text.'],
    ['empty.mp4', 'video.not_media', 'This is not a video or audio file.'],
    ['no-index.mp4', 'video.unreadable', 'This file could not be read: the file ends early.'],
    ['subtitles-only.mkv', 'video.no_streams', 'This file contains neither video nor audio.'],
    ['talkative.mkv', 'video.unreadable', 'This file could not be read: its metadata is too large.'],
    ['endless.mkv', 'video.too_long', 'This file is 164 hours long, which is longer than can be processed.'],
    ['needle.mp4', 'video.too_narrow', 'The video is 0 × 288 pixels, narrower than can be processed.'],
    ['slit.mp4', 'video.too_narrow', 'The video is 16 × 720 pixels, narrower than can be processed.'],
    ['ribbon.mp4', 'video.too_large', 'The video is 10800000 × 288 pixels, larger than can be processed.'],
    ['protected.mp4', 'video.protected', 'This file is copy-protected (DRM), so it cannot be processed.'],
  ])('rejects %s permanently with %s', async (name, code, message) => {
    const error = await probeFile(await generateMedia(name)).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error).toMatchObject({ code, message, advice: expect.stringMatching(/\.$/) })
  })

  it('rejects an undecodable file permanently', async () => {
    const run = new LadderRun(await generateMedia('garbled.mkv'), root)
    const error = await run.run().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error).toMatchObject({ code: 'video.unreadable' })
  })

  it('stops when the signal aborts', async () => {
    const path = await generateMedia('web-safe-1080.mp4')
    const reason = new Error('enough')
    await expect(
      probeMedia({ path, signal: AbortSignal.abort(reason), memoryBytes: MEMORY_BYTES }),
    ).rejects.toBe(reason)
  })
})
