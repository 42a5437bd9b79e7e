// Over 200 lines because all tests trim one video, whose upload takes most of the time.

import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { currentKeys, thumbnailKey, videoKeys, VIDEOS_FOLDER } from '@/lib/storage/keys'
import { cancelTask } from '@/lib/tasks/commands'
import { readStorageBreakdown } from '@/lib/uploads/storage-breakdown'
import { readStorageUsage } from '@/lib/uploads/storage-usage'
import { choosePoster } from '@/lib/videos/choose-poster'
import { deleteVideo } from '@/lib/videos/commands'
import { removeOrphanedVideoFolders } from '@/lib/videos/orphans'
import { purgeVideos } from '@/lib/videos/purge-videos'
import { getVideo, hasTrash, listVideos } from '@/lib/videos/queries'
import { renderPlaylist } from '@/lib/videos/render-playlist'
import { replaceChapters } from '@/lib/videos/replace-chapters'
import { changePosterTask, packageVideoTask, transcodeVideoTask } from '@/lib/videos/tasks'
import { restoreVideo, trashVideo } from '@/lib/videos/trash'
import { discardWhole, restoreWhole } from '@/lib/videos/trim/whole-commands'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { rejectionOf } from '@/tests/support/rejection-of'
import { useTrimFixture } from '@/tests/support/trim-fixture'

const database = useDatabase()
const fixture = useTrimFixture(database)
let id: string

beforeAll(async () => {
  id = await fixture.createVideo({ seconds: 20 })
}, 120_000)

// A user trims at most ten times a minute.
beforeEach(() => database.db.attemptLimit.deleteMany())

const read = (videoId = id) => getVideo(database.db, fixture.target(videoId))
const target = () => ({ ...fixture.deps(), ...fixture.target(id) })
async function restore() {
  await restoreWhole(target())
  // A trim waits for the packaging of downloads that have other chapters.
  await fixture.captions.runNextJob(packageVideoTask.name)
}
const chooseFrame = (atSeconds: number) =>
  choosePoster(fixture.deps(), { ...fixture.target(id), choice: { source: 'frame', atSeconds } })
const codeOf = async (promise: Promise<unknown>) => ((await rejectionOf(promise)) as { code?: string }).code

async function listFolders() {
  await purgeVideos(fixture.deps())
  return fixture.captions.context.storage.list(VIDEOS_FOLDER)
}

async function expectAllCounted() {
  let stored = 0
  for await (const { sizeBytes } of fixture.captions.context.storage.walk(VIDEOS_FOLDER)) stored += sizeBytes
  const { usedBytes } = await readStorageUsage(database.db, { ownerId: fixture.captions.ownerId })
  const inits = await database.db.rendition.count()
  expect(Math.abs(usedBytes - stored)).toBeLessThan(2_000 * inits + 4_000)
}

describe('a trimmed video', () => {
  it('keeps its id, and returns to the whole as it was', { tags: 'full' }, async () => {
    await replaceChapters({
      ...target(),
      chapters: [
        { startSeconds: 0, title: 'Waiting' },
        { startSeconds: 4, title: 'Talk' },
        { startSeconds: 12, title: 'Questions' },
      ],
    })
    // A trim waits for it.
    await fixture.captions.runNextJob(packageVideoTask.name)
    const before = await read()
    expect(before.trim).toBeNull()
    expect((await fixture.trim(id, 6, 14)).state).toBe('done')

    const trimmed = await read()
    expect(trimmed).toMatchObject({
      id,
      state: 'done',
      title: before.title,
      urls: before.urls,
      durationSeconds: expect.closeTo(8, 1),
      chapters: [
        { title: 'Talk', startSeconds: 0, endSeconds: 6 },
        { title: 'Questions', startSeconds: 6, endSeconds: 8 },
      ],
      trim: { startSeconds: 6, endSeconds: 14, wholeDurationSeconds: before.durationSeconds },
    })
    expect(trimmed.sha256).not.toBe(before.sha256)
    expect(trimmed.renditions.map(({ name, state }) => [name, state])).toEqual(
      before.renditions.map(({ name, state }) => [name, state]),
    )
    // The row of the whole is in no list, and nothing restores it as a video of its own.
    const { wholeId } = trimmed.trim!
    const { ownerId } = fixture.captions
    expect((await listVideos(database.db, { ownerId })).videos.map((one) => one.id)).toEqual([id])
    expect((await listVideos(database.db, { ownerId, deleted: true })).videos).toEqual([])
    // Nor does a page receive it when it changes.
    expect((await listVideos(database.db, { ownerId, ids: [wholeId] })).videos).toEqual([])
    // What it takes is that of the video.
    const { videos, usedBytes } = await readStorageBreakdown(database.db, { ownerId })
    expect(videos.map((one) => [one.id, one.totalBytes])).toEqual([[id, usedBytes]])
    const playlist = await renderPlaylist(database.db, { videoId: wholeId, ownerId, name: 'audio-0' })
    expect(playlist).toContain('#EXT-X-ENDLIST')
    // Its samples were those of other renditions.
    expect((await fixture.read(id)).proof).toBeNull()
    expect((await fixture.read(wholeId)).proof).not.toBeNull()
    expect(await hasTrash(database.db, ownerId)).toBe(false)
    expect(await codeOf(restoreVideo({ ...target(), id: wholeId }))).toBe('video.not_found')
    expect(await codeOf(fixture.request(wholeId, 1, 2))).toBe('video.in_trash')
    expect((await listFolders()).length).toBe(2)
    await expectAllCounted()

    await restore()
    const { version: _a, ...after } = await read()
    const { version: _b, ...expected } = before
    expect(after).toEqual(expected)
    expect(await codeOf(restore())).toBe('trim.not_trimmed')
    expect(await listFolders()).toEqual([id])
    expect((await removeOrphanedVideoFolders({ ...fixture.deps(), suspects: new Set([id]) })).size).toBe(0)
    await expectAllCounted()
  })

  it('is trimmed again from the whole, and without that from what is left', { tags: 'full' }, async () => {
    await fixture.trim(id, 6, 14)
    const first = await read()
    expect(await codeOf(fixture.request(id, 6, 14))).toBe('trim.unchanged')
    expect((await fixture.trim(id, 2, 18)).error).toBeNull()
    const second = await read()
    expect(second.trim).toMatchObject({ startSeconds: 2, endSeconds: 18, wholeId: first.trim!.wholeId })
    expect(second.durationSeconds).toBeCloseTo(16, 1)
    expect((await listFolders()).length).toBe(2)

    const transcode = await fixture.captions.findTask(id, transcodeVideoTask.name)
    const readDamage = async () => (await read()).damage
    const whole = { missingSeconds: null, damage: [{ startSeconds: 5, endSeconds: 6 }] }
    const damage = [{ startSeconds: 3, endSeconds: 4 }]
    const result = { renditions: [], missingSeconds: null, damage, whole }
    await database.db.task.update({ where: { id: transcode.id }, data: { result } })
    await discardWhole(target())
    expect((await read()).trim).toBeNull()
    expect((await listFolders()).length).toBe(1)
    expect((await fixture.trim(id, 1.2, 11)).error).toBeNull()
    expect(await readDamage()).toEqual([
      { startSeconds: expect.closeTo(1.8, 3), endSeconds: expect.closeTo(2.8, 3) },
    ])
    const third = await read()
    expect(third).toMatchObject({ durationSeconds: expect.closeTo(9.8, 1) })
    expect(third.trim!.wholeDurationSeconds).toBeCloseTo(16, 1)
    await restore()
    expect((await read()).durationSeconds).toBeCloseTo(16, 1)
    await expectAllCounted()
  })

  it('is as before when the trim is canceled, fails, or is requested twice', { tags: 'full' }, async () => {
    const before = await read()
    const taskId = await fixture.request(id, 1, 8)
    const { ownerId } = fixture.captions
    await cancelTask({ ...fixture.deps(), taskId, ownerId })
    expect(await fixture.run()).toBe(false)
    const [one, two] = [await fixture.request(id, 1, 8), await fixture.request(id, 2, 8)]
    expect((await database.db.task.findUniqueOrThrow({ where: { id: one } })).state).toBe('canceled')
    await cancelTask({ ...fixture.deps(), taskId: two, ownerId })
    expect((await listFolders()).length).toBe(1)
    const { version: _a, ...after } = await read()
    const { version: _b, ...expected } = before
    expect(after).toEqual(expected)
  })

  it('is refused with what does not fit', { tags: 'full' }, async () => {
    const { durationSeconds } = await read()
    for (const [start, end, code] of [
      [0, durationSeconds!, 'trim.unchanged'],
      [0, durationSeconds! + 1, 'trim.out_of_range'],
      [5, 5.2, 'trim.out_of_range'],
    ] as const)
      expect(await codeOf(fixture.request(id, start, end))).toBe(code)
    expect(await codeOf(discardWhole(target()))).toBe('trim.not_trimmed')
    await database.db.user.updateMany({ data: { storageQuotaBytes: 1 } })
    expect(await codeOf(fixture.request(id, 1, 8))).toBe('storage.quota_exceeded')
    await database.db.user.updateMany({ data: { storageQuotaBytes: null } })
    const files = await fixture.captions.uploadVideo(await generateMedia('silent.mp4'))
    expect(await codeOf(fixture.request(files, 0, 1))).toBe('video.not_done')
    await trashVideo({ ...fixture.deps(), ...fixture.target(files) })
    expect(await codeOf(fixture.request(files, 0, 1))).toBe('video.in_trash')
    await deleteVideo({ ...fixture.deps(), ...fixture.target(files) })
    while ((await codeOf(fixture.request(id, 5, 5.2))) === 'trim.out_of_range');
    expect(await codeOf(fixture.request(id, 1, 8))).toBe('rate.limited')
  })

  it('keeps a chosen frame as its poster, unless that was cut', { tags: 'full' }, async () => {
    await chooseFrame(5)
    await fixture.captions.runNextJob(changePosterTask.name)
    await fixture.trim(id, 3, 9)
    const kept = await fixture.read(id)
    expect(kept.posterSource).toBe('frame')
    expect(kept.posterKey).toContain(currentKeys(kept).folder)
    const { storage } = fixture.captions.context
    expect(await storage.stat(thumbnailKey(kept.posterKey!))).not.toBeNull()
    await restore()
    expect(await read()).toMatchObject({ posterSource: 'frame' })
    await fixture.trim(id, 6, 9)
    expect(await read()).toMatchObject({ posterSource: 'automatic', hasCover: false })
    await restore()
    // The last choice would stay, but the poster is still the one before.
    await chooseFrame(15)
    await fixture.captions.runNextJob(changePosterTask.name)
    await cancelTask({ ...fixture.deps(), taskId: await chooseFrame(5), ownerId: fixture.captions.ownerId })
    await fixture.trim(id, 3, 9)
    expect(await read()).toMatchObject({ posterSource: 'automatic' })
    await restore()
    await expectAllCounted()
  })

  it('is created once, however long other tasks of the video run', { tags: 'full' }, async () => {
    const taskId = await fixture.request(id, 3, 9)
    const readTask = () => database.db.task.findUniqueOrThrow({ where: { id: taskId } })
    const posterTask = await chooseFrame(5)
    await fixture.run()
    const { state, progress, payload } = await readTask()
    expect(state).toBe('queued')
    const { trimmedId } = payload as { trimmedId: string }
    const { storage } = fixture.captions.context
    const storyboard = videoKeys(trimmedId).storyboardFile('storyboard.vtt')
    const first = await storage.stat(storyboard)
    const runAgain = async () => {
      await fixture.skipPauses()
      await fixture.run()
    }
    await runAgain()
    expect(await readTask()).toMatchObject({ state: 'queued', progress })
    expect(await storage.stat(storyboard)).toEqual(first)
    await fixture.captions.runNextJob(changePosterTask.name)
    expect((await database.db.task.findUniqueOrThrow({ where: { id: posterTask } })).state).toBe('done')
    await runAgain()
    expect((await readTask()).state).toBe('done')
    expect(await read()).toMatchObject({ posterSource: 'frame', durationSeconds: expect.closeTo(6, 1) })

    // What is still done with the trimmed file ends with it.
    const ofTrimmed = await chooseFrame(1)
    await restore()
    expect((await database.db.task.findUniqueOrThrow({ where: { id: ofTrimmed } })).state).toBe('canceled')
    await fixture.captions.runNextJob(changePosterTask.name)
    await expectAllCounted()
  })

  it('does not fail when its video returns from the trash', { tags: 'full' }, async () => {
    const taskId = await fixture.request(id, 3, 9)
    await trashVideo(target())
    await restoreVideo(target())
    expect(await fixture.run()).toBe(false)
    expect((await database.db.task.findUniqueOrThrow({ where: { id: taskId } })).state).toBe('canceled')
    expect(await read()).toMatchObject({ state: 'done', trim: null })
  })

  it('leaves nothing when it is deleted', { tags: 'full' }, async () => {
    await fixture.trim(id, 3, 9)
    expect((await listFolders()).length).toBe(2)
    await deleteVideo({ ...target() })
    expect(await listFolders()).toEqual([])
    expect(await database.db.video.count()).toBe(0)
  })
})
