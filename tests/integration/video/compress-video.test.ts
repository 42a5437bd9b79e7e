import { beforeAll, expect, it } from 'vitest'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { enqueueTask } from '@/lib/tasks/enqueue'
import type { ExtraCodec } from '@/lib/videos/ladder'
import { getVideo } from '@/lib/videos/queries'
import { renderPlaylist } from '@/lib/videos/render-playlist'
import {
  compressChunkTask,
  compressVideoTask,
  copyStreamsTask,
  packageVideoTask,
  transcodeStartTask,
  transcodeVideoTask,
} from '@/lib/videos/tasks'
import { readStorageUsage } from '@/lib/uploads/storage-usage'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })
const ownerDeps = () => ({ db: database.db, boss: fixture.boss, ownerId: fixture.ownerId })
let videoId: string

/** Uploads and transcodes a video. */
beforeAll(async () => {
  videoId = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  for (const { name } of [transcodeVideoTask, copyStreamsTask, transcodeStartTask, transcodeVideoTask])
    await fixture.runNextJob(name)
})

const readRenditions = async () =>
  (await getVideo(database.db, { id: videoId, ownerId: fixture.ownerId })).renditions
const readStates = async () =>
  Object.fromEntries((await readRenditions()).map(({ name, state }) => [name, state]))
const readMaster = () => renderPlaylist(database.db, { videoId, ownerId: fixture.ownerId })
const enqueueCompression = (codec: ExtraCodec) =>
  database.db.$transaction((tx) =>
    enqueueTask(tx, fixture.boss, {
      kind: compressVideoTask,
      ownerId: fixture.ownerId,
      subjectId: videoId,
      payload: { videoId, codec },
    }),
  )
const readTask = (id: string) => database.db.task.findUniqueOrThrow({ where: { id } })

it('encodes the ladder again, and lists it for players once it is complete', { tags: 'full' }, async () => {
  const before = await readRenditions()
  const { usedBytes } = await readStorageUsage(database.db, { ownerId: fixture.ownerId })
  const { id } = await enqueueCompression('av1')

  await fixture.runNextJob(compressVideoTask.name)
  expect(await readStates()).toMatchObject({ source: 'done', '480p-av1': 'queued', '360p-av1': 'queued' })
  expect((await readRenditions()).slice(0, before.length)).toEqual(before)
  await fixture.runNextJob(compressChunkTask.name)
  expect(await readMaster()).not.toContain('av01')
  await expect(
    renderPlaylist(database.db, { videoId, ownerId: fixture.ownerId, name: '480p-av1' }),
  ).rejects.toMatchObject({ code: 'rendition.not_found' })

  await fixture.runNextJob(compressVideoTask.name)
  expect(await readTask(id)).toMatchObject({
    state: 'done',
    result: { renditions: ['480p-av1', '360p-av1'] },
  })
  expect(await readRenditions()).toMatchObject([
    { name: 'source', codec: null },
    { name: '360p', codec: 'h264', state: 'done' },
    { name: '480p-av1', codec: 'av1', state: 'done', progress: 1, height: 480 },
    { name: '360p-av1', codec: 'av1', state: 'done', progress: 1 },
  ])
  expect(await readMaster()).toMatch(/avc1[^]+360p\/index[^]+CODECS="av01\.0\.\d\dM\.08"[^]+480p-av1\/index/)
  const stored = await database.db.rendition.aggregate({
    where: { videoId, extraCodec: 'av1' },
    _sum: { segmentBytes: true },
  })
  const usage = await readStorageUsage(database.db, { ownerId: fixture.ownerId })
  expect(usage.usedBytes - usedBytes).toBe(Number(stored._sum.segmentBytes))
  expect(Number(stored._sum.segmentBytes)).toBeGreaterThan(0)

  // Downloads are those of the other renditions.
  await fixture.runNextJob(packageVideoTask.name)
  const downloads = (await readRenditions()).filter(({ downloadUrl }) => downloadUrl)
  expect(downloads.map(({ name }) => name)).toEqual(['360p'])
})

it(
  'leaves the video as it is when it is canceled, and encodes it after a retry',
  { tags: 'full' },
  async () => {
    const before = await readRenditions()
    const { id } = await enqueueCompression('hevc')
    await fixture.runNextJob(compressVideoTask.name)
    await cancelTask({ ...ownerDeps(), taskId: id })
    expect(await readTask(id)).toMatchObject({ state: 'canceled' })
    expect(await readStates()).toMatchObject({ '360p': 'done', '480p-hevc': 'canceled' })
    expect(await fixture.findTask(videoId, transcodeVideoTask.name)).toMatchObject({ state: 'done' })
    // Its cleanup.
    await fixture.runNextJob(compressVideoTask.name)

    await retryTask({ ...ownerDeps(), taskId: id })
    await fixture.runNextJob(compressVideoTask.name)
    expect(await readStates()).toMatchObject({ '480p-hevc': 'queued' })
    // Another worker has another version of the encoder.
    await database.db.rendition.updateMany({
      where: { videoId, extraCodec: 'hevc' },
      data: { initSha256: 'of another version' },
    })
    await fixture.runNextJob(compressChunkTask.name)
    expect(await readTask(id)).toMatchObject({ state: 'queued', attempts: 1 })
    expect((await readRenditions()).slice(0, before.length)).toEqual(before)

    for (const { name } of [compressVideoTask, compressChunkTask, compressVideoTask])
      await fixture.runNextJob(name)
    expect(await readTask(id)).toMatchObject({ state: 'done' })
    expect(await readStates()).toMatchObject({ '480p-hevc': 'done', '360p-hevc': 'done' })
    expect(await readMaster()).toMatch(/CODECS="hvc1\.1\.6\.L\d+\.90"/)
  },
)
