import { beforeAll, expect, it } from 'vitest'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { enqueueTask } from '@/lib/tasks/enqueue'
import type { ExtraCodec } from '@/lib/videos/ladder'
import { getVideo } from '@/lib/videos/queries'
import { getProofSheet } from '@/lib/videos/proof/get-proof-sheet'
import { renderPlaylist } from '@/lib/videos/render-playlist'
import {
  compressChunkTask,
  compressVideoTask,
  copyStreamsTask,
  packageVideoTask,
  transcodeStartTask,
  transcodeVideoTask,
  verifyVideoTask,
} from '@/lib/videos/tasks'
import { videoKeys } from '@/lib/storage/keys'
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
    result: { renditions: ['480p-av1', '360p-av1'], failed: [] },
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

  const sheet = await getProofSheet(database.db, { id: videoId, ownerId: fixture.ownerId })
  // The others are checked by a task of their own.
  expect(sheet.isChecked).toBe(false)
  const similarity = Object.fromEntries(sheet.renditions.map((one) => [one.name, one.similarity]))
  for (const { mean } of similarity['480p-av1']!) expect(mean).toBeGreaterThan(0.9)
  expect(similarity['360p-av1']).toHaveLength(similarity['480p-av1']!.length)
  expect(similarity['480p-av1']).not.toEqual([])
  await fixture.runNextJob(verifyVideoTask.name)
  const complete = await getProofSheet(database.db, { id: videoId, ownerId: fixture.ownerId })
  expect(complete.isChecked).toBe(true)
  expect(Object.fromEntries(complete.renditions.map((one) => [one.name, one.similarity]))).toMatchObject({
    '360p': [{}, {}, {}],
    '480p-av1': similarity['480p-av1'],
  })

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

    for (const { name } of [compressVideoTask, compressChunkTask]) await fixture.runNextJob(name)
    const { storage } = fixture.context
    const { segment } = videoKeys(videoId)
    const segments = await database.db.segment.findMany({
      where: { rendition: { videoId, name: '360p-hevc' } },
    })
    for (const { index } of segments) await storage.put(segment('360p-hevc', index), Buffer.alloc(5_000))
    await fixture.runNextJob(compressVideoTask.name)
    expect(await readTask(id)).toMatchObject({ state: 'done', result: { failed: ['360p-hevc'] } })
    // What its check refuses is never listed.
    expect(await readStates()).toMatchObject({ '480p-hevc': 'done', '360p-hevc': 'failed' })
    expect(await readMaster()).toMatch(/CODECS="hvc1\.1\.6\.L\d+\.90"/)
    expect(await readMaster()).not.toContain('360p-hevc')
  },
)
