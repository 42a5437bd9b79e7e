import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { replaceChapters } from '@/lib/videos/replace-chapters'
import { type MediaInfo, mediaInfoSchema } from '@/lib/videos/media-info'
import { getVideo } from '@/lib/videos/queries'
import { registerVideo } from '@/lib/videos/register-video'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import { storeInspection } from '@/worker/video/store-inspection'

const fixture = useQueueFixture()
let ownerId: string

beforeAll(async () => {
  ownerId = await fixture.createUserId()
})

const insertVideo = (data: object = { mediaInfo: {}, durationSeconds: 10 }) =>
  fixture.db.video.create({
    data: { ownerId, title: 'a', filename: 'f', sizeBytes: 1, sha256: '', sourceKey: '', ...data },
  })
const replace = (id: string, starts: number[], owner = ownerId) =>
  replaceChapters({
    db: fixture.db,
    boss: fixture.boss,
    id,
    ownerId: owner,
    chapters: starts.map((startSeconds) => ({ startSeconds, title: `at ${startSeconds}` })),
  })
const code = (promise: Promise<unknown>) => promise.then(null, (error: { code: string }) => error.code)

it('replaces chapters, each of which ends where the next one starts', async () => {
  const { id, version } = await insertVideo()
  await replace(id, [0, 4])
  await replace(id, [6.5, 1])
  const video = await getVideo(fixture.db, { id, ownerId })
  expect(video.chapters).toEqual([
    { startSeconds: 1, endSeconds: 6.5, title: 'at 1' },
    { startSeconds: 6.5, endSeconds: 10, title: 'at 6.5' },
  ])
  expect(video.version).toBeGreaterThan(version)
  await replace(id, [])
  expect((await getVideo(fixture.db, { id, ownerId })).chapters).toEqual([])
})

it('refuses chapters outside of the video, and two at the same time, and changes nothing then', async () => {
  const { id } = await insertVideo()
  await replace(id, [0])
  expect(await code(replace(id, [1, 10]))).toBe('chapter.out_of_range')
  expect(await code(replace(id, [11, 1]))).toBe('chapter.out_of_range')
  expect(await code(replace(id, [1, 2, 2]))).toBe('chapter.same_start')
  expect((await getVideo(fixture.db, { id, ownerId })).chapters).toHaveLength(1)
})

it('refuses a video that is not inspected, and one of another user', async () => {
  expect(await code(replace((await insertVideo({ durationSeconds: 10 })).id, [0]))).toBe(
    'video.not_inspected',
  )
  expect(await code(replace((await insertVideo()).id, [0], await fixture.createUserId()))).toBe(
    'video.not_found',
  )
})

const describeFile = (durationSeconds: number): MediaInfo =>
  mediaInfoSchema.parse({
    demuxer: 'ogg',
    durationSeconds,
    sizeBytes: 1,
    bitsPerSecond: 1,
    video: null,
    audio: [],
    subtitles: [],
  })
/** As the inspection of a file with a chapter. */
const storeFile = (videoId: string, durationSeconds: number) =>
  fixture.db.$transaction((tx) =>
    storeInspection(tx, videoId, {
      info: describeFile(durationSeconds),
      chapters: [{ startSeconds: 0, endSeconds: durationSeconds, title: 'of the file' }],
    }),
  )
const readChapters = async (id: string) => (await getVideo(fixture.db, { id, ownerId })).chapters

it('keeps chapters that are edited while the inspection continues, and when it is retried', async () => {
  const { videoId } = await registerVideo(fixture, {
    id: randomUUID(),
    ownerId,
    filename: 'song.ogg',
    sizeBytes: 1,
    sha256: '',
  })
  await storeFile(videoId, 10)
  expect(await readChapters(videoId)).toMatchObject([{ title: 'of the file' }])
  await replace(videoId, [1, 4])
  // All of the file is described, which is a little longer than its start showed.
  await storeFile(videoId, 10.5)
  const edited = [
    { startSeconds: 1, endSeconds: 4, title: 'at 1' },
    { startSeconds: 4, endSeconds: 10.5, title: 'at 4' },
  ]
  expect(await readChapters(videoId)).toEqual(edited)
  await replace(videoId, [])
  await storeFile(videoId, 10.5)
  expect(await readChapters(videoId)).toEqual([])
})
