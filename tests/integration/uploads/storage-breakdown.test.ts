import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { readStorageBreakdown } from '@/lib/uploads/storage-breakdown'
import { readStorageUsage } from '@/lib/uploads/storage-usage'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()

it('divides what a user stores by kind and by video, largest first, into the same sum', async () => {
  const { db } = database
  const [{ id: ownerId }, other] = [await createOwner(db), await createOwner(db)]
  const insert = (title: string, data: object) =>
    db.video.create({
      data: { ownerId, title, filename: 'f', sizeBytes: 1_000, sha256: 'a', sourceKey: '', ...data },
    })
  const rendition = { name: '360p', mode: 'encode', position: 0 } as const
  const large = await insert('large', {
    imageBytes: 5,
    indexedBytes: 20,
    renditions: { create: { ...rendition, segmentBytes: 300, downloadBytes: 40 } },
  })
  await db.caption.create({
    data: { ownerId, videoId: large.id, language: 'en', source: 'speech', storedBytes: 7 },
  })
  const trashed = await insert('trashed', { sizeBytes: 100, deletedAt: new Date(), purgeAt: new Date() })
  // Its size is that of its upload.
  const arriving = await insert('arriving', { sha256: null, sizeBytes: 64 })
  await db.upload.create({
    data: {
      id: randomUUID(),
      ownerId,
      filename: 'f',
      sizeBytes: 64,
      expiresAt: new Date(),
      earlyVideoId: arriving.id,
    },
  })
  await insert('of another user', { ownerId: other.id })

  const storage = await readStorageBreakdown(db, { ownerId })
  expect(storage).toMatchObject({
    sourceBytes: 1_100,
    renditionBytes: 340,
    captionBytes: 7,
    otherBytes: 25,
    uploadBytes: 64,
    archiveBytes: 0,
    trashBytes: 100,
    usedBytes: (await readStorageUsage(db, { ownerId })).usedBytes,
  })
  expect(storage.usedBytes).toBe(1_536)
  expect(storage.videos.map(({ title, totalBytes }) => [title, totalBytes])).toEqual([
    ['large', 1_372],
    ['trashed', 100],
    ['arriving', 0],
  ])
  expect(storage.videos[1]).toMatchObject({ id: trashed.id, isInTrash: true })
  const first = await readStorageBreakdown(db, { ownerId, limit: 1 })
  expect([first.videos.length, first.sourceBytes]).toEqual([1, 1_100])
  expect(await readStorageBreakdown(db, { ownerId: (await createOwner(db)).id })).toMatchObject({
    usedBytes: 0,
    trashBytes: 0,
    videos: [],
  })
})
