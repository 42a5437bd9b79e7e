import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { thumbnailKey, videoKeys } from '@/lib/storage/keys'
import { cancelTask } from '@/lib/tasks/commands'
import { choosePoster, uploadPoster } from '@/lib/videos/choose-poster'
import type { PosterChoice } from '@/lib/videos/poster-schema'
import { getVideo } from '@/lib/videos/queries'
import { changePosterTask, generateThumbnailsTask } from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { measureBrightness, readAverageColors, readStreams } from '@/tests/support/media-analysis'
import { rejectionOf } from '@/tests/support/rejection-of'

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })

async function upload(name: MediaName) {
  const id = await fixture.uploadVideo(await generateMedia(name))
  await fixture.runNextJob(generateThumbnailsTask.name)
  return id
}
const target = (id: string) => ({ id, ownerId: fixture.ownerId })
const deps = () => ({ db: database.db, boss: fixture.boss, storage: fixture.context.storage })
const choose = (id: string, choice: PosterChoice) => choosePoster(deps(), { ...target(id), choice })
const run = () => fixture.runNextJob(changePosterTask.name)
const read = (id: string) => database.db.video.findUniqueOrThrow({ where: { id } })
const posterFile = async (id: string) => path.join(fixture.dir, 'storage', (await read(id)).posterKey!)
const listFiles = (id: string) => fixture.context.storage.list(videoKeys(id).posters)
const countThumbnails = async (id: string) =>
  (await listFiles(id)).filter((file) => file.endsWith('.webp')).length
/** Files other than thumbnails. */
const countPosters = async (id: string) => (await listFiles(id)).length - (await countThumbnails(id))

/** A picture of one color. */
function createPicture(name: string, { color = 'red', size = '1600x900' } = {}) {
  const file = path.join(fixture.dir, name)
  execFileSync('ffmpeg', `-v error -y -f lavfi -i color=${color}:s=${size} -frames:v 1 ${file}`.split(' '))
  return new Uint8Array(readFileSync(file))
}
const uploadPicture = (id: string, bytes: Uint8Array) => uploadPoster(deps(), { ...target(id), bytes })

describe('a frame', () => {
  it('becomes the poster, in full quality, with a URL of its own', { tags: 'full' }, async () => {
    const id = await upload('brightening.mp4')
    const before = await getVideo(database.db, target(id))
    for (const [atSeconds, luma] of [
      [4.5, 85],
      [8.2, 155],
    ] as const) {
      await choose(id, { source: 'frame', atSeconds })
      await run()
      const [brightness] = await measureBrightness(await posterFile(id))
      expect(Math.abs((brightness! * 219) / 255 + 16 - luma)).toBeLessThan(15)
    }
    const after = await getVideo(database.db, target(id))
    expect(after).toMatchObject({ posterSource: 'frame', hasCover: false })
    expect(after.urls.poster).not.toBe(before.urls.poster)
    // The others are removed, and what is there is counted.
    expect(await countPosters(id)).toBe(1)
    expect(await countThumbnails(id)).toBe(1)
    expect(await fixture.context.storage.stat(videoKeys(id).poster)).toBeNull()
    expect(await fixture.context.storage.stat(thumbnailKey(videoKeys(id).poster))).toBeNull()
    expect(Number((await read(id)).imageBytes)).toBeGreaterThan(0)
  })

  it('after the last picture is the last one', { tags: 'full' }, async () => {
    const id = await upload('brightening.mp4')
    const { durationSeconds } = await read(id)
    await choose(id, { source: 'frame', atSeconds: durationSeconds! })
    await run()
    expect((await measureBrightness(await posterFile(id)))[0]).toBeGreaterThan(200)
  })

  it('is refused beyond the end, of sound, and of a video of another user', { tags: 'full' }, async () => {
    const id = await upload('brightening.mp4')
    const frame = { source: 'frame', atSeconds: 500 } as const
    expect(await rejectionOf(choose(id, frame))).toMatchObject({ code: 'poster.out_of_range' })
    const songId = await upload('song.mp3')
    expect(await rejectionOf(choose(songId, { ...frame, atSeconds: 0 }))).toMatchObject({
      code: 'poster.no_frames',
    })
    const other = choosePoster(deps(), { id, ownerId: 'another', choice: { source: 'automatic' } })
    expect(await rejectionOf(other)).toMatchObject({ code: 'video.not_found' })
  })
})

describe('a picture', () => {
  it.each(['a.png', 'a.jpg', 'a.webp'])('like %s is encoded again', { tags: 'full' }, async (name) => {
    const id = await upload('silent.mp4')
    const bytes = new Uint8Array([...createPicture(name), ...Buffer.from('appended')])
    await uploadPicture(id, bytes)
    await run()
    const file = await posterFile(id)
    expect(await readStreams(file)).toMatchObject([{ codec_name: 'mjpeg', width: 1280, height: 720 }])
    const [red, green] = await readAverageColors(file)
    expect(red! - green!).toBeGreaterThan(150)
    expect(readFileSync(file).includes('appended')).toBe(false)
    expect(await getVideo(database.db, target(id))).toMatchObject({ posterSource: 'picture', hasCover: true })
    expect(await countPosters(id)).toBe(1)

    // And back.
    await choose(id, { source: 'automatic' })
    await run()
    expect(await getVideo(database.db, target(id))).toMatchObject({ posterSource: 'automatic' })
    expect(await countPosters(id)).toBe(1)
  })

  it('that is damaged or too large leaves the poster and no file', { tags: 'full' }, async () => {
    const id = await upload('silent.mp4')
    const { posterKey } = await read(id)
    const damaged = createPicture('b.png').slice(0, 40)
    const bomb = createPicture('c.png', { size: '9000x9000', color: 'black' })
    for (const bytes of [damaged, bomb]) {
      const taskId = await uploadPicture(id, bytes)
      await run()
      const task = await database.db.task.findUniqueOrThrow({ where: { id: taskId } })
      expect(task).toMatchObject({ state: 'failed', error: { code: 'poster.unreadable' } })
      expect(await read(id)).toMatchObject({ posterKey, posterSource: 'automatic' })
      expect(await countPosters(id)).toBe(0)
    }
    const text = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')
    expect(await rejectionOf(uploadPicture(id, text))).toMatchObject({ code: 'poster.unsupported_type' })
  })

  it('that is canceled leaves the poster and no file', { tags: 'full' }, async () => {
    const id = await upload('silent.mp4')
    const { posterKey } = await read(id)
    const taskId = await uploadPicture(id, createPicture('d.png'))
    await cancelTask({ ...deps(), taskId, ownerId: fixture.ownerId })
    await choose(id, { source: 'automatic' })
    await run()
    expect((await read(id)).posterKey).not.toBe(posterKey)
    expect(await countPosters(id)).toBe(1)
  })
})

it('of two choices, the last one wins', { tags: 'full' }, async () => {
  const id = await upload('brightening.mp4')
  await choose(id, { source: 'frame', atSeconds: 1 })
  await uploadPicture(id, createPicture('e.png'))
  await run()
  await run()
  expect(await read(id)).toMatchObject({ posterSource: 'picture' })
  expect(await countPosters(id)).toBe(1)
})

it('stays when thumbnails are generated again', { tags: 'full' }, async () => {
  const id = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  await choose(id, { source: 'frame', atSeconds: 1 })
  await run()
  const { posterKey } = await read(id)
  await fixture.runNextJob(generateThumbnailsTask.name)
  expect(await read(id)).toMatchObject({ posterKey, posterSource: 'frame' })
  expect((await read(id)).storyboardKey).not.toBeNull()
})

it(
  'leaves no second poster if it was selected automatically before the thumbnails',
  { tags: 'full' },
  async () => {
    const id = await fixture.uploadVideo(await generateMedia('silent.mp4'))
    await choose(id, { source: 'automatic' })
    await run()
    const { posterKey } = await read(id)
    await fixture.runNextJob(generateThumbnailsTask.name)
    expect((await read(id)).posterKey).toBe(posterKey)
    expect(await fixture.context.storage.stat(videoKeys(id).poster)).toBeNull()
  },
)

it('is changed at most 30 times a minute: pictures wait outside the quota', { tags: 'full' }, async () => {
  const id = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  await database.db.attemptLimit.deleteMany()
  const bytes = createPicture('f.png', { size: '16x16' })
  for (let change = 0; change < 30; change++) await uploadPicture(id, bytes)
  expect(await rejectionOf(uploadPicture(id, bytes))).toMatchObject({ code: 'rate.limited' })
  expect(await countPosters(id)).toBe(30)
})
