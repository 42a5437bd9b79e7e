import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import { getVideo, listVideos } from '@/lib/videos/queries'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { type ChapterFile, generateChapterFile } from '@/tests/support/generate-chapters'

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })
afterEach(() => database.db.video.deleteMany())

async function upload(name: string, options: ChapterFile) {
  const id = await fixture.uploadVideo(await generateChapterFile(path.join(fixture.dir, name), options))
  const { mediaInfo } = await database.db.video.findUniqueOrThrow({ where: { id } })
  const video = await getVideo(database.db, { id, ownerId: fixture.ownerId })
  return { ...video, info: mediaInfoSchema.parse(mediaInfo) }
}

const CHAPTERS = [
  { startSeconds: 0, endSeconds: 2, title: 'Intro' },
  { startSeconds: 2, endSeconds: 4.25, title: 'A & <b> --> "c"' },
  { startSeconds: 4.25, endSeconds: 6, title: '結び 🎬' },
]
const TAGS = {
  title: 'The harbour',
  artist: 'Ada',
  album: 'Walks',
  date: '20240229',
  comment: 'Line 1\nLine 2',
}

describe('the chapters and metadata of a file', () => {
  const expectAll = async (name: string, options: ChapterFile) => {
    const { chapters, metadata, info, title } = await upload(name, {
      ...options,
      chapters: CHAPTERS,
      tags: TAGS,
    })
    const ends = chapters.map(({ endSeconds }) => endSeconds)
    expect(chapters).toEqual(CHAPTERS.map((chapter, n) => ({ ...chapter, endSeconds: ends[n]! })))
    expect(ends[1]).toBe(4.25)
    expect(ends[2]).toBe(info.durationSeconds)
    expect(metadata).toEqual({
      title: 'The harbour',
      artist: 'Ada',
      album: 'Walks',
      date: '2024-02-29',
      description: 'Line 1\nLine 2',
    })
    // Users know their files by name.
    expect(title).toBe(path.parse(name).name)
    // QuickTime stores chapters as a text track.
    expect(info).toMatchObject({ subtitles: [], unusedVideoTracks: 0, coverIndex: null })
  }

  it.each<[string, ChapterFile]>([
    ['video.mp4', { hasVideo: true }],
    ['book.mp3', {}],
  ])('are those of %s', expectAll)

  it.each<[string, ChapterFile]>([
    ['video.mov', { hasVideo: true }],
    ['video.mkv', { hasVideo: true }],
    ['book.m4b', { args: ['-f', 'ipod'] }],
    ['book.opus', {}],
  ])('are those of %s', { tags: 'full' }, expectAll)

  it.each<[string, ChapterFile, number]>([
    // ffmpeg shifts the tracks, but not the chapters.
    ['absolute.mkv', { args: ['-output_ts_offset', '3600'] }, 3600],
    ['relative.mkv', { args: ['-output_ts_offset', '3600'] }, 0],
    ['cut.mp3', {}, 3600],
  ])('of %s are on the timeline of its tracks', async (name, options, shift) => {
    const shifted = CHAPTERS.map(({ title, ...times }) => ({
      title,
      startSeconds: times.startSeconds + shift,
      endSeconds: times.endSeconds + shift,
    }))
    const { chapters, info } = await upload(name, { ...options, chapters: shifted })
    expect(info.durationSeconds).toBeCloseTo(6, 0)
    expect(chapters).toHaveLength(3)
    chapters.forEach((chapter, n) => {
      expect(Math.abs(chapter.startSeconds - CHAPTERS[n]!.startSeconds)).toBeLessThan(0.05)
    })
  })

  it('are bounded and sanitized if the file is made to attack', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => ({ startSeconds: n / 1_000, title: `${n}` }))
    const endless = [{ startSeconds: 1e6, title: 'beyond' }]
    const first = await upload('many.mkv', { chapters: [...many, ...endless] })
    expect(first.chapters.length).toBeLessThan(60)
    expect(first.chapters.every(({ startSeconds, endSeconds }) => startSeconds < endSeconds)).toBe(true)
    expect(first.chapters.at(-1)!.endSeconds).toBe(first.durationSeconds)

    const title = `\u0001\u202e${'x'.repeat(1e6)}`
    const second = await upload('long.mkv', {
      chapters: [0, 1, 2].map((startSeconds) => ({ startSeconds, title })),
      tags: { title, comment: title },
    })
    expect(second.chapters.map((chapter) => chapter.title.length)).toEqual([198, 198, 198])
    expect(second.metadata.title).toMatch(/^x{198}$/)
    expect(second.metadata.description!.length).toBeLessThanOrEqual(1_000)
  })

  it('are left out if they are too large to read', { tags: 'full' }, async () => {
    // Each character is six in the JSON of ffprobe.
    const title = '\u0001'.repeat(1e6)
    const chapters = Array.from({ length: 12 }, (_, n) => ({ startSeconds: n / 2, title }))
    const video = await upload('large.mkv', { chapters, tags: { artist: 'Ada' } })
    expect(video).toMatchObject({ chapters: [], metadata: { artist: 'Ada' }, hasVideo: false })
  })

  it('do not make a file count as cut off if they extend past its end', async () => {
    const { info } = await upload('past.mp4', {
      hasVideo: true,
      cover: true,
      chapters: [{ startSeconds: 0, endSeconds: 6.7, title: 'All' }],
    })
    expect(info.statedSeconds! - info.durationSeconds).toBeLessThan(0.1)
  })

  it('are not part of lists', async () => {
    await upload('listed.mp3', { chapters: CHAPTERS, tags: TAGS })
    const { videos } = await listVideos(database.db, { ownerId: fixture.ownerId })
    expect(videos[0]).not.toHaveProperty('chapters')
    expect(videos[0]).not.toHaveProperty('metadata')
  })
})
