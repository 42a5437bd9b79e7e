import { beforeAll, expect, it } from 'vitest'
import { replaceChapters } from '@/lib/videos/replace-chapters'
import { getVideo } from '@/lib/videos/queries'
import { useQueueFixture } from '@/tests/support/queue-fixture'

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
