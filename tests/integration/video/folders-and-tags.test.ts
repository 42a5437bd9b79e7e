import { beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { createFolder, deleteFolder, renameFolder } from '@/lib/folders/commands'
import { listFolders } from '@/lib/folders/queries'
import { MAX_FOLDERS } from '@/lib/folders/schema'
import { Prisma } from '@/lib/generated/prisma/client'
import { changeVideos } from '@/lib/videos/change-videos'
import { updateVideo } from '@/lib/videos/commands'
import { getVideo, listVideos } from '@/lib/videos/queries'
import type { VideoFilter } from '@/lib/videos/schema'
import { MAX_TAGS } from '@/lib/videos/tag-limits'
import { listTags } from '@/lib/videos/tags'
import { transcodeVideoTask } from '@/lib/videos/tasks'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()
let ownerId: string

beforeAll(async () => {
  ownerId = await fixture.createUserId()
})

const insertVideo = (title: string, data: object = {}) =>
  fixture.db.video.create({
    data: { ownerId, title, filename: 'f', sizeBytes: 1, sha256: '', sourceKey: '', ...data },
  })
const titles = async (filter: Partial<VideoFilter>) =>
  (await listVideos(fixture.db, { ownerId, sort: 'title', ...filter })).videos
    .map(({ title }) => title)
    .join('')
/** Waits until a query waits for a lock. */
const expectWaiting = () =>
  vi.waitFor(async () => {
    const waiting = await fixture.db.$queryRaw<object[]>`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    expect(waiting).toHaveLength(1)
  }, 10_000)
const newFolder = (name: string) => createFolder({ db: fixture.db, ownerId, name })

it('lists videos of a folder, with all of some tags, and of a state', async () => {
  const { db } = fixture
  const folder = await newFolder('Harbour')
  await insertVideo('a', { folderId: folder.id, tags: ['sea', 'night'] })
  const done = await insertVideo('b', { tags: ['sea'] })
  const failed = await insertVideo('c', { folderId: folder.id })
  for (const [video, states] of [
    [done, ['failed', 'done']],
    [failed, ['failed']],
  ] as const)
    for (const state of states)
      await db.task.create({
        data: {
          ownerId,
          queue: 'none',
          kind: transcodeVideoTask.name,
          subjectType: 'video',
          subjectId: video.id,
          payload: { videoId: video.id },
          maxAttempts: 1,
          state,
        },
      })
  expect(await titles({ folder: folder.id })).toBe('ac')
  expect(await titles({ folder: 'none' })).toBe('b')
  expect([await titles({ tags: ['sea'] }), await titles({ tags: ['sea', 'night'] })]).toEqual(['ab', 'a'])
  expect([await titles({ state: 'unfinished' }), await titles({ state: 'done' })]).toEqual(['a', 'b'])
  expect(await titles({ state: 'failed', folder: folder.id, search: 'C' })).toBe('c')
  const { nextCursor } = await listVideos(db, { ownerId, sort: 'title', folder: folder.id, limit: 1 })
  expect(await titles({ folder: folder.id, cursor: nextCursor! })).toBe('c')
  expect(await listTags(db, ownerId)).toEqual([
    { tag: 'sea', videoCount: 2 },
    { tag: 'night', videoCount: 1 },
  ])
})

it('names folders uniquely, and leaves their videos when it deletes them', async () => {
  const { db } = fixture
  const { id } = await newFolder('Talks')
  await expect(newFolder('Talks')).rejects.toMatchObject({ code: 'folder.name_taken' })
  await expect(renameFolder({ db, id, ownerId, name: 'Harbour' })).rejects.toMatchObject({
    code: 'folder.name_taken',
  })
  const video = await insertVideo('kept', { folderId: id })
  expect(await renameFolder({ db, id, ownerId, name: 'Lectures' })).toMatchObject({
    name: 'Lectures',
    videoCount: 1,
  })
  await deleteFolder({ db, id, ownerId })
  const kept = await getVideo(db, { id: video.id, ownerId })
  expect(kept.folderId).toBeNull()
  // So that pages which show it read it again.
  expect(kept.version).toBeGreaterThan(video.version)
})

it('limits the folders of a user', async () => {
  const other = await fixture.createUserId()
  const rows = Array.from({ length: MAX_FOLDERS - 1 }, (_, n) => ({ ownerId: other, name: `${n}` }))
  await fixture.db.folder.createMany({ data: rows })
  const create = (name: string) => createFolder({ db: fixture.db, ownerId: other, name })
  const results = await Promise.allSettled(['a', 'b', 'c'].map(create))
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
})

it('moves and tags many videos, but not into a folder of another user', async () => {
  const { db } = fixture
  const ids = [(await insertVideo('x', { tags: ['old'] })).id, (await insertVideo('y')).id]
  const change = (rest: { action: 'move'; folderId: string | null } | Tagging) =>
    changeVideos(fixture, { ownerId, change: { ids, ...rest } })
  const errors = async (rest: Parameters<typeof change>[0]) =>
    (await change(rest)).results.map(({ error }) => error?.code ?? null)
  const folder = await newFolder('Target')
  const moved = await change({ action: 'move', folderId: folder.id })
  expect(moved.videos.map(({ folderId }) => folderId)).toEqual([folder.id, folder.id])
  expect((await listFolders(db, ownerId)).find(({ id }) => id === folder.id)?.videoCount).toBe(2)
  const other = await fixture.createUserId()
  const foreign = await createFolder({ db, ownerId: other, name: 'Theirs' })
  await expect(change({ action: 'move', folderId: foreign.id })).rejects.toMatchObject({
    code: 'folder.not_found',
  })
  await expect(
    updateVideo({ db, id: ids[0]!, ownerId, update: { folderId: foreign.id } }),
  ).rejects.toMatchObject({ code: 'folder.not_found' })
  expect(await errors({ action: 'move', folderId: null })).toEqual([null, null])

  await change({ action: 'tag', add: ['new', 'sea'], remove: ['old'] })
  const tagged = await change({ action: 'tag', add: ['new'], remove: ['sea'] })
  expect(tagged.videos.map(({ tags }) => tags)).toEqual([['new'], ['new']])
  const many = Array.from({ length: MAX_TAGS }, (_, n) => `tag ${n}`)
  expect(await errors({ action: 'tag', add: many, remove: [] })).toEqual([
    'video.too_many_tags',
    'video.too_many_tags',
  ])
})

it('reports conflicts of single videos, such as with the deletion of the folder, and continues', async () => {
  const { db } = fixture
  const [first, second, third] = [await insertVideo('1'), await insertVideo('2'), await insertVideo('3')]
  const ids = [first.id, second.id, third.id]
  const folder = await newFolder('Short-lived')
  const errorsOf = async (changed: ReturnType<typeof changeVideos>) =>
    (await changed).results.map(({ error }) => error?.code ?? null)
  const moving = await db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM video WHERE id = ${second.id}::uuid FOR UPDATE`
    const changed = changeVideos(fixture, { ownerId, change: { ids, action: 'move', folderId: folder.id } })
    await expectWaiting()
    await deleteFolder({ db, id: folder.id, ownerId })
    return { changed }
  })
  expect(await errorsOf(moving.changed)).toEqual([null, 'folder.not_found', 'folder.not_found'])

  const deadlock = new Prisma.PrismaClientKnownRequestError('deadlock', { code: 'P2034', clientVersion: '' })
  const conflicting = vi.spyOn(db, '$transaction').mockRejectedValueOnce(deadlock)
  onTestFinished(() => conflicting.mockRestore())
  const tagged = changeVideos(fixture, { ownerId, change: { ids, action: 'tag', add: ['x'], remove: [] } })
  expect(await errorsOf(tagged)).toEqual(['request.conflict', null, null])
})

it('names a folder that another request names in the same moment as taken', async () => {
  const { db } = fixture
  const { id } = await newFolder('Before')
  const creating = await db.$transaction(async (tx) => {
    await tx.folder.update({ where: { id }, data: { name: 'After' } })
    const created = newFolder('After').then(null, (error: { code: string }) => error.code)
    await expectWaiting()
    return { created }
  })
  expect(await creating.created).toBe('folder.name_taken')
})

interface Tagging {
  action: 'tag'
  add: string[]
  remove: string[]
}
