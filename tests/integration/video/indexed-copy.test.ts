import { expect, it } from 'vitest'
import { videoKeys } from '@/lib/storage/keys'
import { readStorageUsage } from '@/lib/uploads/storage-usage'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { inspectVideo } from '@/worker/video/inspect-video'

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })
const readVideo = (id: string) => database.db.video.findUniqueOrThrow({ where: { id } })
const readUsage = async () => (await readStorageUsage(database.db, { ownerId: fixture.ownerId })).usedBytes

it('is stored for a container without an index, and counts as stored by the user', async () => {
  const before = await readUsage()
  const id = await fixture.uploadVideo(await generateMedia('joined.ts'))
  const { mediaInfo, indexedBytes, sizeBytes } = await readVideo(id)
  expect(mediaInfoSchema.parse(mediaInfo)).toMatchObject({ demuxer: 'matroska', sourceDemuxer: 'mpegts' })
  const file = await fixture.context.storage.stat(videoKeys(id).indexed)
  expect(Number(indexedBytes)).toBe(file!.sizeBytes)
  const { _sum: start } = await database.db.segment.aggregate({
    where: { rendition: { videoId: id } },
    _sum: { sizeBytes: true },
  })
  expect((await readUsage()) - before).toBe(Number(sizeBytes) + file!.sizeBytes + start.sizeBytes!)
})

it('keeps sound that Matroska has no name for', async () => {
  const id = await fixture.uploadVideo(await generateMedia('flash.flv'))
  expect((await readVideo(id)).mediaInfo).toMatchObject({ demuxer: 'matroska', audio: [{ codec: 'flac' }] })
})

it('is not stored for a container that has an index', async () => {
  const id = await fixture.uploadVideo(await generateMedia('silent.mp4'))
  expect((await readVideo(id)).indexedBytes).toBeNull()
  expect(await fixture.context.storage.stat(videoKeys(id).indexed)).toBeNull()
})

it('is removed if its inspection is canceled', async () => {
  const id = await fixture.uploadVideo(await generateMedia('joined.ts'))
  const { context } = fixture
  const discard = () => inspectVideo.discard!({ payload: { videoId: id }, context } as never)
  await discard()
  expect(await context.storage.stat(videoKeys(id).indexed)).not.toBeNull()
  await database.db.video.update({ where: { id }, data: { indexedBytes: null } })
  await discard()
  expect(await context.storage.stat(videoKeys(id).indexed)).toBeNull()
})
