// Over 200 lines because all cases of a replacement share generated files, a worker and its database.

import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { currentKeys, VIDEOS_FOLDER } from '@/lib/storage/keys'
import { taskAction } from '@/app/features/tasks/task-requests'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { readStorageUsage } from '@/lib/uploads/storage-usage'
import { uploadPoster } from '@/lib/videos/choose-poster'
import { trashVideo } from '@/lib/videos/trash'
import { purgeVideos } from '@/lib/videos/purge-videos'
import { getVideo, listVideos } from '@/lib/videos/queries'
import { removeOrphanedVideoFolders } from '@/lib/videos/orphans'
import { renderPlaylist } from '@/lib/videos/render-playlist'
import { replaceChapters } from '@/lib/videos/replace-chapters'
import { changePosterTask, compressVideoTask, replaceFileTask, transcodeVideoTask } from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { rejectionOf } from '@/tests/support/rejection-of'
import { runVideoTasks, uploadWithoutCaptions } from '@/tests/support/run-video-tasks'
import { discardRenditions } from '@/worker/video/discard-renditions'

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })

const runAll = () => runVideoTasks(fixture)
const upload = async (name: MediaName, replacesId?: string) =>
  uploadWithoutCaptions(database, fixture, await generateMedia(name), { replacesId, sha256: randomUUID() })

async function createFilm() {
  const id = await upload('silent.mp4')
  await runAll()
  return id
}
const target = (id: string) => ({ id, ownerId: fixture.ownerId })
const deps = () => ({ db: database.db, boss: fixture.boss, storage: fixture.context.storage })
const read = (id: string) => database.db.video.findUniqueOrThrow({ where: { id } })
const replace = () => fixture.runNextJob(replaceFileTask.name)
/** Ids of the folders in the storage, after all that is due was destroyed. */
async function listFolders() {
  await purgeVideos(deps())
  return fixture.context.storage.list(VIDEOS_FOLDER)
}
const readUsage = async () => (await readStorageUsage(database.db, { ownerId: fixture.ownerId })).usedBytes
async function readStored() {
  let bytes = 0
  for await (const { sizeBytes } of fixture.context.storage.walk(VIDEOS_FOLDER)) bytes += sizeBytes
  return bytes
}

describe('a new file of a video', () => {
  it(
    'replaces the former one when it is ready, and keeps what is said about it',
    { tags: 'full' },
    async () => {
      const id = await createFilm()
      await database.db.video.update({ where: { id }, data: { title: 'Harbour', tags: ['sea'] } })
      const before = await getVideo(database.db, target(id))
      const nextId = await upload('web-safe.mp4', id)

      // The former one plays meanwhile, and no list shows the other one.
      expect(await getVideo(database.db, target(id))).toMatchObject({ state: 'done', sha256: before.sha256 })
      const { videos } = await listVideos(database.db, { ownerId: fixture.ownerId })
      expect(videos.map((video) => video.id)).not.toContain(nextId)
      await runAll()
      expect(await getVideo(database.db, target(id))).toMatchObject({ sha256: before.sha256 })
      expect(await renderPlaylist(database.db, { ...target(id), videoId: id })).toBeDefined()

      await replace()
      const after = await getVideo(database.db, target(id))
      expect(after).toMatchObject({
        title: 'Harbour',
        tags: ['sea'],
        state: 'done',
        filename: 'web-safe.mp4',
      })
      expect(after.sha256).not.toBe(before.sha256)
      expect(after.durationSeconds).not.toBe(before.durationSeconds)
      expect(after.urls.hls).toBe(before.urls.hls)
      expect(await listFolders()).toEqual([nextId])
      expect(await database.db.video.count({ where: { ownerId: fixture.ownerId } })).toBe(1)
      for (const { downloadUrl } of after.renditions)
        if (downloadUrl) expect(downloadUrl).toContain(`/${id}/`)
      expect(await fixture.context.storage.stat(currentKeys(await read(id)).init('source'))).not.toBeNull()
      // Files that the orphan sweep does not remove, and all of them counted.
      expect((await removeOrphanedVideoFolders({ ...deps(), suspects: new Set([nextId, id]) })).size).toBe(0)
      expect(await listFolders()).toEqual([nextId])
      const inits = await database.db.rendition.count({ where: { videoId: id } })
      expect(Math.abs((await readUsage()) - (await readStored()))).toBeLessThan(2_000 * inits + 200)
      const rendition = { ...target(id), videoId: id, name: after.renditions[0]!.name }
      expect(await renderPlaylist(database.db, rendition)).toContain(`0.m4s?v=${nextId}\n`)

      // Again.
      const thirdId = await upload('silent.mp4', id)
      await runAll()
      await replace()
      expect(await listFolders()).toEqual([thirdId])
    },
  )

  it('that cannot be read leaves the former one, and no files', { tags: 'full' }, async () => {
    const id = await createFilm()
    const before = await read(id)
    const bad = await fixture.uploadVideo(await generateMedia('silent.mp4'), { replacesId: id, sha256: 'x' })
    // As if the inspection had failed.
    await database.db.video.update({ where: { id: bad }, data: { mediaInfo: {} } })
    for (let n = 0; n < 5; n++) {
      await database.db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE state < 'active'`
      await fixture.runNextJob(transcodeVideoTask.name)
    }
    const task = await fixture.findTask(id, replaceFileTask.name)
    expect(task.state).toBe('failed')
    expect(await listFolders()).toContain(id)
    expect(await listFolders()).not.toContain(bad)
    expect(await database.db.video.findUnique({ where: { id: bad } })).toBeNull()
    expect(await read(id)).toEqual({ ...before, version: expect.any(Number) })
    // It can be seen why, and the file has to be uploaded again: no retry is offered.
    const { maxAttempts } = await database.db.task.findUniqueOrThrow({ where: { id: task.id } })
    expect(taskAction({ id: task.id, state: 'failed', maxAttempts })).toBeNull()
    const retry = retryTask({ ...deps(), taskId: task.id, ownerId: fixture.ownerId })
    expect(await rejectionOf(retry)).toMatchObject({ code: 'task.not_retryable' })
  })

  it('that is canceled, or whose video is deleted, leaves no files', { tags: 'full' }, async () => {
    const id = await createFilm()
    const canceledId = await upload('web-safe.mp4', id)
    const { id: taskId } = await fixture.findTask(id, replaceFileTask.name)
    await cancelTask({ ...deps(), taskId, ownerId: fixture.ownerId })
    expect(await listFolders()).not.toContain(canceledId)
    await runAll()
    expect(await replace()).toBe(false)

    const supersededId = await upload('web-safe.mp4', id)
    const nextId = await upload('web-safe.mp4', id)
    expect(await listFolders()).not.toContain(supersededId)
    await trashVideo({ ...deps(), ...target(id) })
    expect(await listFolders()).not.toContain(nextId)
    expect(await listFolders()).toContain(id)
  })

  it('keeps edited chapters and captions of a file of the same length', { tags: 'full' }, async () => {
    const id = await createFilm()
    const { durationSeconds } = await read(id)
    await replaceChapters({
      db: database.db,
      boss: fixture.boss,
      ...target(id),
      chapters: [{ startSeconds: 1, title: 'Mine' }],
    })
    const create = (source: 'sidecar' | 'embedded', streamIndex?: number) =>
      database.db.caption.create({
        data: {
          ownerId: fixture.ownerId,
          videoId: id,
          language: 'en',
          state: 'done',
          source,
          streamIndex,
        },
      })
    const own = await create('sidecar')
    const generated = await create('embedded', 2)
    await upload('silent.mp4', id)
    await runAll()
    await replace()
    expect((await read(id)).durationSeconds).toBeCloseTo(durationSeconds!)
    expect((await getVideo(database.db, target(id))).chapters).toMatchObject([{ title: 'Mine' }])
    const ids = (await database.db.caption.findMany({ where: { videoId: id } })).map((caption) => caption.id)
    expect(ids).toContain(own.id)
    expect(ids).not.toContain(generated.id)

    await upload('web-safe.mp4', id)
    await runAll()
    await replace()
    expect((await getVideo(database.db, target(id))).chapters).toEqual([])
    expect(await database.db.caption.count({ where: { id: own.id } })).toBe(0)
  })

  it('that the video has already is refused', { tags: 'full' }, async () => {
    const id = await createFilm()
    const { sha256 } = await read(id)
    const again = fixture.uploadVideo(await generateMedia('silent.mp4'), { replacesId: id, sha256: sha256! })
    expect(await rejectionOf(again)).toMatchObject({ code: 'upload.same_file' })
    expect(await database.db.task.count({ where: { videoId: id, kind: replaceFileTask.name } })).toBe(0)
  })

  it('keeps a thumbnail that is chosen while it becomes ready', { tags: 'full' }, async () => {
    const id = await createFilm()
    const nextId = await upload('web-safe.mp4', id)
    await runAll()
    const file = path.join(fixture.dir, 'thumbnail.png')
    execFileSync('ffmpeg', `-v error -y -f lavfi -i color=red:s=320x180 -frames:v 1 ${file}`.split(' '))
    await uploadPoster(deps(), { ...target(id), bytes: new Uint8Array(readFileSync(file)) })
    await replace()
    expect((await read(id)).filesId).toBeNull()
    await fixture.runNextJob(changePosterTask.name)
    await database.db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE state < 'active'`
    await replace()
    const video = await read(id)
    expect(video).toMatchObject({ filesId: nextId, posterSource: 'picture' })
    expect(await fixture.context.storage.stat(video.posterKey!)).not.toBeNull()
  })

  it(
    'keeps what is compressed of it when the compression of the former one ends',
    { tags: 'full' },
    async () => {
      const id = await createFilm()
      const payload = { videoId: id, codec: 'av1' } as const
      const options = { kind: compressVideoTask, ownerId: fixture.ownerId, subjectId: id, payload }
      const enqueue = () => database.db.$transaction((tx) => enqueueTask(tx, fixture.boss, options))
      const former = await enqueue()
      await cancelTask({ ...deps(), taskId: former.id, ownerId: fixture.ownerId })
      await enqueue()
      const { id: _, ...rendition } = await database.db.rendition.findFirstOrThrow({ where: { videoId: id } })
      const { id: renditionId } = await database.db.rendition.create({
        data: { ...rendition, name: 'av1', extraCodec: 'av1', state: 'in_progress' },
      })
      await discardRenditions({ payload, context: fixture.context })
      expect(await database.db.rendition.findUnique({ where: { id: renditionId } })).toMatchObject({
        state: 'in_progress',
      })
    },
  )
})
