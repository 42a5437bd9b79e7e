import { expect, it } from 'vitest'
import { getVideo, listVideos } from '@/lib/videos/queries'
import type { VideoFilter } from '@/lib/videos/schema'
import { transcodeVideoTask } from '@/lib/videos/tasks'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()

it('lists pages in every order, of titles that contain what is searched for', async () => {
  const { db } = fixture
  const ownerId = await fixture.createUserId()
  const insert = (
    title: string,
    data: { sizeBytes: number; durationSeconds: number | null; day: number },
  ) => {
    const { day, ...values } = data
    const createdAt = new Date(Date.UTC(2026, 0, day))
    return db.video.create({
      data: { ownerId, title, filename: 'f', sha256: '', sourceKey: '', createdAt, ...values },
    })
  }
  await insert('b 100%', { sizeBytes: 2, durationSeconds: null, day: 1 })
  await insert('a 100_', { sizeBytes: 2, durationSeconds: 5, day: 2 })
  await insert('d 100%', { sizeBytes: 9, durationSeconds: 5, day: 2 })
  await insert('e', { sizeBytes: 1, durationSeconds: 60, day: 3 })
  const listAll = async (filter: Partial<VideoFilter>) => {
    const titles: string[] = []
    for (let cursor: string | undefined; ;) {
      const page = await listVideos(db, { ownerId, limit: 1, cursor, ...filter })
      titles.push(...page.videos.map(({ title }) => title[0]!))
      if (!page.nextCursor) return titles.join('')
      cursor = page.nextCursor
    }
  }
  expect(await listAll({})).toBe('edab')
  expect(await listAll({ sort: 'oldest' })).toBe('bade')
  expect(await listAll({ sort: 'title' })).toBe('abde')
  expect(await listAll({ sort: 'longest' })).toBe('eadb')
  expect(await listAll({ sort: 'largest' })).toBe('dbae')
  // Not patterns.
  expect(await listAll({ sort: 'title', search: '100%' })).toBe('bd')
  expect(await listAll({ sort: 'title', search: '0_' })).toBe('a')
  expect(await listAll({ search: 'E' })).toBe('e')
})

it('lists each video with its own parts: newest transcode, renditions in order, caption tracks', async () => {
  const { db } = fixture
  const ownerId = await fixture.createUserId()
  const insertVideo = (title: string) =>
    db.video.create({
      data: { ownerId, title, filename: 'f', sizeBytes: 1, sha256: '', sourceKey: '', hasVideo: true },
    })
  const insertTask = (videoId: string, data: { state: 'failed' | 'done'; error?: object; result?: object }) =>
    db.task.create({
      data: {
        ownerId,
        queue: 'none',
        kind: transcodeVideoTask.name,
        subjectType: 'video',
        subjectId: videoId,
        payload: { videoId },
        maxAttempts: 1,
        finishedAt: new Date('2026-01-02T03:04:05.678Z'),
        ...data,
      },
    })
  const empty = await insertVideo('empty')
  const full = await insertVideo('full')
  await insertTask(full.id, { state: 'failed', error: { code: 'a', message: 'b' } })
  const newest = await insertTask(full.id, { state: 'done', result: { missingSeconds: 1.5 } })
  const first = { index: 0, startSeconds: 0, durationSeconds: 1, sizeBytes: 1 }
  for (const [position, name] of [
    [1, '360p'],
    [0, '720p'],
  ] as const)
    await db.rendition.create({
      data: {
        videoId: full.id,
        name,
        mode: 'encode',
        position,
        // Not its first one.
        segments: { create: { ...first, index: name === '720p' ? 3 : 0 } },
      },
    })
  const captionTask = await insertTask(empty.id, { state: 'failed', error: { code: 'c', message: 'd' } })
  const caption = { ownerId, videoId: full.id, language: 'en', source: 'speech' } as const
  await db.caption.create({ data: { ...caption, state: 'failed', taskId: captionTask.id } })
  await db.caption.create({ data: { ...caption, language: 'de', cueCount: 2, state: 'done' } })

  const { videos } = await listVideos(db, { ownerId, sort: 'title' })
  expect(videos).toMatchObject([
    { title: 'empty', state: 'failed', isPlayable: false, renditions: [], captions: [] },
    {
      title: 'full',
      state: 'done',
      taskId: newest.id,
      error: null,
      missingSeconds: 1.5,
      finishedAt: '2026-01-02T03:04:05.678Z',
      isPlayable: true,
      renditions: [
        { name: '720p', state: 'queued' },
        { name: '360p', state: 'queued' },
      ],
      captions: [
        { language: 'en', state: 'failed', error: { code: 'c', message: 'd' } },
        { language: 'de', cueCount: 2, error: null },
      ],
    },
  ])
  expect(await getVideo(db, { id: full.id, ownerId })).toMatchObject(videos[1]!)

  await db.segment.deleteMany({ where: { index: 0 } })
  expect((await listVideos(db, { ownerId })).videos.map(({ isPlayable }) => isPlayable)).toEqual([
    false,
    false,
  ])
})
