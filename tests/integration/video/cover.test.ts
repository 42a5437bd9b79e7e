import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import { generateThumbnailsTask } from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { type ChapterFile, generateChapterFile } from '@/tests/support/generate-chapters'
import { readAverageColors, readStreams } from '@/tests/support/media-analysis'

const execFileAsync = promisify(execFile)
const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })
afterEach(() => database.db.video.deleteMany())

const inFixture = (name: string) => path.join(fixture.dir, name)

/** Uploads a file and generates its poster, whose path is returned. */
async function upload(file: string) {
  const id = await fixture.uploadVideo(file)
  await fixture.runNextJob(generateThumbnailsTask.name)
  expect(await fixture.findTask(id, generateThumbnailsTask.name)).toMatchObject({
    state: 'done',
    error: null,
  })
  const video = await database.db.video.findUniqueOrThrow({ where: { id } })
  const poster = inFixture(`storage/${video.posterKey!}`)
  const [size] = await readStreams(poster)
  return { ...video, info: mediaInfoSchema.parse(video.mediaInfo), poster, size }
}

async function createPicture(name: string, source: string) {
  const file = inFixture(name)
  await execFileAsync('ffmpeg', [...`-v error -y -f lavfi -i ${source} -frames:v 1`.split(' '), file])
  return file
}

/** A picture as FLAC and Ogg store it (https://www.rfc-editor.org/rfc/rfc9639#name-picture). */
function toPictureBlock(data: Buffer, mimeType: string) {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const FRONT_COVER = 3
  return Buffer.concat([
    number(FRONT_COVER),
    number(mimeType.length),
    Buffer.from(mimeType),
    ...[0, 300, 300, 24, 0, data.length].map(number),
    data,
  ]).toString('base64')
}

describe('cover art', () => {
  const expectRedPoster = async (file: string, hasVideo: boolean) => {
    const { info, hasVideo: isVideo, hasCover, poster, size } = await upload(file)
    expect({ isVideo, hasCover, size }).toMatchObject({
      isVideo: hasVideo,
      hasCover: true,
      size: { width: 300, height: 300 },
    })
    const [red, green, blue] = await readAverageColors(poster)
    expect(red).toBeGreaterThan(240)
    expect(Math.max(green!, blue!)).toBeLessThan(15)
    expect(info.unusedVideoTracks).toBe(0)
  }
  const expectCoverOf = async (name: string, options: ChapterFile) =>
    expectRedPoster(
      await generateChapterFile(inFixture(name), { cover: true, ...options }),
      options.hasVideo ?? false,
    )

  it.each<[string, ChapterFile]>([
    ['song.mp3', {}],
    ['film.mp4', { hasVideo: true }],
  ])('of %s becomes its poster', expectCoverOf)

  it.each<[string, ChapterFile]>([
    ['song.flac', {}],
    ['song.m4a', { args: ['-f', 'ipod'] }],
  ])('of %s becomes its poster', { tags: 'full' }, expectCoverOf)

  it(
    'that is attached to Matroska becomes the poster, the front cover before others',
    { tags: 'full' },
    async () => {
      const attached = [
        ['blue.png', 'small_cover.png', 'blue'],
        ['red.png', 'cover.png', 'red'],
      ] as const
      const args: string[] = []
      for (const [n, [file, name, color]] of attached.entries())
        args.push(
          '-attach',
          await createPicture(file, `color=${color}:s=300x300`),
          `-metadata:s:t:${n}`,
          'mimetype=image/png',
          `-metadata:s:t:${n}`,
          `filename=${name}`,
        )
      await expectRedPoster(await generateChapterFile(inFixture('film.mkv'), { hasVideo: true, args }), true)
    },
  )

  it('of Ogg becomes the poster, although the indexed copy has none', async () => {
    const picture = await readFile(await createPicture('cover.png', 'color=red:s=300x300'))
    const tags = { METADATA_BLOCK_PICTURE: toPictureBlock(picture, 'image/png') }
    await expectRedPoster(await generateChapterFile(inFixture('song.ogg'), { tags }), false)
  })

  it('is scaled down, without its transparency', { tags: 'full' }, async () => {
    const cover = 'color=red@0:s=2000x1000:d=0.04,format=rgba'
    const { size, poster } = await upload(await generateChapterFile(inFixture('clear.mp3'), { cover }))
    expect(size).toMatchObject({ width: 1280, height: 640 })
    expect(Math.max(...(await readAverageColors(poster)))).toBeLessThan(15)
  })

  it('is not used if it is damaged, and the poster is the waveform', async () => {
    const file = await generateChapterFile(inFixture('damaged.mp3'), { cover: true })
    const bytes = await readFile(file)
    const start = bytes.indexOf('IDAT') + 4
    await writeFile(file, bytes.fill(0xa5, start, bytes.indexOf('IEND')))
    const { info, hasCover, size } = await upload(file)
    expect({ hasCover, size }).toMatchObject({ hasCover: false, size: { width: 1280, height: 720 } })
    expect(info).toMatchObject({ coverIndex: 1, audio: [{ index: 0 }] })
  })

  it.each([
    ['tiny', 'color=red:s=16x16:d=0.04'],
    // More pixels than the decoders of the sandbox accept.
    ['huge', 'color=red:s=12000x12000:d=0.04'],
  ])('is not used if it is %s, and the poster is a frame', { tags: 'full' }, async (name, cover) => {
    const file = await generateChapterFile(inFixture(`${name}.mp4`), { hasVideo: true, cover })
    const { info, hasCover, size } = await upload(file)
    expect({ hasCover, size }).toMatchObject({ hasCover: false, size: { width: 320, height: 180 } })
    expect(info).toMatchObject({ coverIndex: name === 'huge' ? 2 : null, video: { width: 320 } })
  })
})
