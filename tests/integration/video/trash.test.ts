import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { listSchedules } from '@/lib/schedules/queries'
import { createShare } from '@/lib/shares/commands'
import type { ShareSettings } from '@/lib/shares/schema'
import type { Storage } from '@/lib/storage/storage'
import { cancelTask } from '@/lib/tasks/commands'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { changeVideos } from '@/lib/videos/change-videos'
import { purgeVideos } from '@/lib/videos/purge-videos'
import { listVideos } from '@/lib/videos/queries'
import { registerVideo } from '@/lib/videos/register-video'
import { earlyLookTask, transcodeVideoTask } from '@/lib/videos/tasks'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()
let ownerId: string

beforeAll(async () => {
  ownerId = await fixture.createUserId()
})

const register = (id: string = randomUUID()) =>
  registerVideo(fixture, { id, ownerId, filename: 'film.mp4', sizeBytes: 16, sha256: 'abc' })
const change = (action: 'delete' | 'restore' | 'purge' | 'retry' | 'share', ids: string[]) =>
  changeVideos(fixture, { ownerId, change: { action, ids } })
const tasksOf = async (videoId: string) =>
  Map.groupBy(await fixture.db.task.findMany({ where: { videoId } }), ({ state }) => state)
const isListed = async (id: string, deleted = false) =>
  (await listVideos(fixture.db, { ownerId, deleted })).videos.some((video) => video.id === id)

/** A storage that records which folders it removes. */
function recordRemovals() {
  const removed: string[] = []
  const storage = { removeAll: async (key: string) => void removed.push(key) } as unknown as Storage
  return { removed, purge: () => purgeVideos({ ...fixture, storage }) }
}

it('moves a video to the trash and back, and its unfinished tasks go on from there', async () => {
  const { videoId } = await register()
  const before = await tasksOf(videoId)
  const { results, videos } = await change('delete', [videoId])
  expect(results).toEqual([{ id: videoId, error: null, share: null }])
  expect(videos[0]!.deletedAt).not.toBeNull()
  expect([await isListed(videoId), await isListed(videoId, true)]).toEqual([false, true])
  expect([...(await tasksOf(videoId)).keys()]).toEqual(['canceled'])
  // Nothing of it is removed.
  const { removed, purge } = recordRemovals()
  expect([await purge(), removed]).toEqual([0, []])

  const restored = await change('restore', [videoId])
  expect(restored.videos[0]).toMatchObject({ deletedAt: null, purgeAt: null })
  expect([await isListed(videoId), await isListed(videoId, true)]).toEqual([true, false])
  const after = await tasksOf(videoId)
  expect(after.get('queued')!.length).toBe(before.get('queued')!.length)
  expect([...after.keys()]).toEqual(['queued'])
  const { jobId } = after.get('queued')!.find(({ kind }) => kind === 'video.inspect')!
  expect(jobId).not.toBeNull()
})

it('destroys what has been in the trash for its time, and what its owner destroys', async () => {
  const [kept, due, purged] = [await register(), await register(), await register()]
  await change('delete', [kept.videoId, due.videoId, purged.videoId])
  const past = { purgeAt: new Date(Date.now() - 1_000) }
  await fixture.db.video.update({ where: { id: due.videoId }, data: past })
  await change('purge', [purged.videoId])
  expect(await isListed(purged.videoId, true)).toBe(false)
  const run = (await listSchedules(fixture)).find(({ name }) => name === 'videos.purge')
  expect(run?.last?.state).toBe('created')

  const { removed, purge } = recordRemovals()
  expect(await purge()).toBe(2)
  expect(removed.toSorted()).toEqual([due, purged].map(({ videoId }) => `videos/${videoId}`).toSorted())
  expect(await fixture.db.video.count({ where: { id: { in: [due.videoId, purged.videoId] } } })).toBe(0)
  expect(await isListed(kept.videoId, true)).toBe(true)
  expect((await change('restore', [due.videoId])).results[0]!.error?.code).toBe('video.not_found')
})

it('does not destroy a video that is restored while the sweep runs', async () => {
  const first = await register()
  const second = await register()
  await change('delete', [first.videoId, second.videoId])
  const past = { purgeAt: new Date(Date.now() - 1_000) }
  await fixture.db.video.updateMany({ where: { id: { in: [first.videoId, second.videoId] } }, data: past })
  const removed: string[] = []
  const storage = {
    // The sweep has listed both when it removes the first one.
    async removeAll(key: string) {
      removed.push(key)
      const other = key.endsWith(first.videoId) ? second : first
      await change('restore', [other.videoId])
    },
  } as unknown as Storage
  expect(await purgeVideos({ ...fixture, storage })).toBe(1)
  expect(removed).toHaveLength(1)
  expect(await fixture.db.video.count({ where: { id: { in: [first.videoId, second.videoId] } } })).toBe(1)
})

it('keeps the tasks of an upload that completes in the trash until it is restored', async () => {
  const id = randomUUID()
  await fixture.db.video.create({
    data: { id, ownerId, title: 'film', filename: 'film.mp4', sizeBytes: 16, sourceKey: 'none' },
  })
  // An import discards its video when it is canceled.
  const common = { ownerId, subjectId: id, payload: { videoId: id } }
  const receiving = await fixture.db.$transaction((tx) =>
    enqueueTask(tx, fixture.boss, { kind: earlyLookTask, ...common }),
  )
  await change('delete', [id])
  expect(await fixture.readStates([receiving])).toEqual(['queued'])
  await register(id)
  expect([...(await tasksOf(id)).keys()]).toEqual(['canceled'])
  await fixture.db.task.delete({ where: { id: receiving.id } })
  await change('restore', [id])
  expect([...(await tasksOf(id)).keys()]).toEqual(['queued'])
})

it('changes each video on its own, and nothing of another user', async () => {
  const { videoId } = await register()
  const other = await fixture.createUserId()
  const foreign = await registerVideo(fixture, {
    id: randomUUID(),
    ownerId: other,
    filename: 'f',
    sizeBytes: 1,
    sha256: 'b',
  })
  for (const action of ['delete', 'restore', 'retry', 'share', 'purge'] as const) {
    const { results, videos } = await change(action, [foreign.videoId, videoId, randomUUID()])
    expect(results.map(({ error }) => error?.code ?? 'ok')).toEqual([
      'video.not_found',
      { delete: 'ok', restore: 'ok', retry: 'video.not_failed', share: 'ok', purge: 'video.not_found' }[
        action
      ],
      'video.not_found',
    ])
    expect(videos.map(({ id }) => id)).toEqual([videoId])
  }
  expect(await fixture.db.video.findUnique({ where: { id: foreign.videoId } })).toMatchObject({
    deletedAt: null,
  })
})

it('retries what failed, and a canceled transcode, but no other task that its owner canceled', async () => {
  const { videoId, taskId } = await register()
  await cancelTask({ ...fixture, taskId, ownerId })
  const thumbnails = await fixture.db.task.findFirstOrThrow({ where: { videoId, kind: 'video.illustrate' } })
  await fixture.db.task.update({ where: { id: thumbnails.id }, data: { state: 'failed' } })
  expect((await change('retry', [videoId])).results[0]!.error).toBeNull()
  expect(await fixture.readTask(taskId)).toMatchObject({ kind: transcodeVideoTask.name, state: 'queued' })
  expect((await fixture.readTask(thumbnails.id)).state).toBe('queued')
  expect((await change('retry', [videoId])).results[0]!.error?.code).toBe('video.not_failed')
})

it('shares by an existing link only if it gives what a new one would', async () => {
  const { videoId } = await register()
  const share = async () => (await change('share', [videoId])).results[0]!.share!
  const first = await share()
  expect(await share()).toEqual(first)
  const others: ShareSettings[] = [
    { isDownloadAllowed: true },
    { visibility: 'public' },
    { expiresAt: new Date(Date.now() + 60_000).toISOString() },
    { password: 'correct horse' },
  ]
  // Newer ones.
  for (const settings of others)
    await createShare({ db: fixture.db, subject: { videoId }, ownerId, settings })
  expect(await share()).toEqual(first)
  await fixture.db.share.delete({ where: { id: first.id } })
  expect(await share()).toMatchObject({
    isDownloadAllowed: false,
    visibility: 'unlisted',
    expiresAt: null,
    hasPassword: false,
  })
})
