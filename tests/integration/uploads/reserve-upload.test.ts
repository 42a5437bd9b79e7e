import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, expect, it } from 'vitest'
import { reserveUpload, extendReservation } from '@/lib/uploads/reserve-upload'
import { checkStorageQuota } from '@/lib/uploads/storage-quota'
import { createOwner, useDatabase } from '@/tests/support/database'
import { reserveDisk } from '@/worker/runtime/reserve-disk'

const GB = 1e9
const dataDir = mkdtempSync(`${tmpdir()}/reserve-`)
const { bavail, bsize } = statfsSync(dataDir)
// Other processes write to this disk as well, but less than gigabytes.
Object.assign(process.env, {
  DATA_DIR: dataDir,
  DISK_RESERVE_BYTES: String(Math.max(0, bavail * bsize - 25 * GB)),
  STORAGE_QUOTA_BYTES: String(12 * GB),
})
const database = useDatabase()
afterAll(() => rmSync(dataDir, { recursive: true }))

const createOwnerId = async () => (await createOwner(database.db)).id
const reserve = (ownerId: string, sizeBytes: number) => {
  const id = randomUUID()
  const expiresAt = new Date(Date.now() + 1e6)
  return reserveUpload(database.db, { id, ownerId, filename: 'film.mp4', sizeBytes, expiresAt }).then(
    () => id,
  )
}
const settleOutcomes = async (reservations: Promise<string>[]) =>
  (await Promise.allSettled(reservations))
    .map((outcome) =>
      outcome.status === 'fulfilled' ? 'reserved' : (outcome.reason as { code: string }).code,
    )
    .toSorted()
const deleteUploads = () => database.db.upload.deleteMany()

it('refuses concurrent reservations that together exceed the quota or the free disk space', async () => {
  const ada = await createOwnerId()
  expect(await settleOutcomes(Array.from({ length: 8 }, () => reserve(ada, 5 * GB)))).toEqual(
    [...Array<string>(2).fill('reserved'), ...Array<string>(6).fill('upload.quota_exceeded')].toSorted(),
  )
  await deleteUploads()
  const owners = await Promise.all(Array.from({ length: 6 }, createOwnerId))
  expect(await settleOutcomes(owners.map((owner) => reserve(owner, 11 * GB)))).toEqual([
    ...Array<string>(2).fill('reserved'),
    ...Array<string>(4).fill('upload.disk_full'),
  ])
  await deleteUploads()
})

it('refuses archives that together with each other and with uploads exceed the free disk space', async () => {
  const ownerId = await createOwnerId()
  const kind = { kind: 'archive.create', queue: 'archive.create', payload: {}, maxAttempts: 1 }
  const start = () => database.db.task.create({ data: { ...kind, ownerId, state: 'in_progress' } })
  const reserveForTask = ({ id }: { id: string }) =>
    reserveDisk({ taskId: id, write: (work) => database.db.$transaction(work) }, 20 * GB).then(() => id)
  const tasks = await Promise.all([start(), start()])
  expect(await settleOutcomes(tasks.map(reserveForTask))).toEqual(['export.disk_full', 'reserved'])
  const { taskId } = await database.db.diskReservation.findFirstOrThrow()
  const running = tasks.find(({ id }) => id === taskId)!
  const update = (data: { progress?: number; state?: 'done' | 'queued' | 'in_progress' }) =>
    database.db.task.update({ where: { id: taskId }, data })
  // A repeated attempt has its own reservation.
  expect(await settleOutcomes([reserveForTask(running)])).toEqual(['reserved'])
  const ada = await createOwnerId()
  expect(await settleOutcomes([reserve(ada, 11 * GB)])).toEqual(['upload.disk_full'])
  await update({ progress: 0.75 })
  expect(await settleOutcomes([reserve(ada, 11 * GB)])).toEqual(['reserved'])
  expect(await settleOutcomes([reserveForTask(running)])).toEqual(['export.disk_full'])
  await deleteUploads()
  for (const state of ['queued', 'done'] as const) {
    await update({ progress: 0, state })
    expect(await settleOutcomes([reserve(ada, 11 * GB)])).toEqual(['reserved'])
    await deleteUploads()
  }
  await database.db.task.deleteMany()
  expect(await database.db.diskReservation.count()).toBe(0)
})

it('reserves space for an upload of unknown size in steps, up to the quota', async () => {
  const ada = await createOwnerId()
  const id = await reserve(ada, 0)
  const more = (bytes: number) => extendReservation(database.db, { id, ownerId: ada, bytes })
  const first = await more(1)
  expect(first).toBeGreaterThan(1e6)
  expect(first).toBeLessThan(GB)
  await reserve(ada, 12 * GB - first)
  expect(await settleOutcomes([reserve(ada, 1)])).toEqual(['upload.quota_exceeded'])
  expect(await more(first)).toBe(first)
  await expect(more(first + 1)).rejects.toMatchObject({ code: 'upload.quota_exceeded' })
  await deleteUploads()
})

it('says what deleted videos take of an exceeded quota, for files of every kind', async () => {
  await deleteUploads()
  const ownerId = await createOwnerId()
  const video = { ownerId, title: 'a', filename: 'f', sizeBytes: 11 * GB, sha256: 'a', sourceKey: '' }
  const { id } = await database.db.video.create({ data: video })
  const numbers = 'The file is 2.0 GB; you use 11.0 GB of your 12.0 GB.'
  await expect(reserve(ownerId, 2 * GB)).rejects.toMatchObject({ message: numbers })
  const growthBytes = 2 * GB
  const check = () => database.db.$transaction((tx) => checkStorageQuota(tx, { ownerId, growthBytes }))
  await expect(check()).rejects.toMatchObject({
    message:
      'You use 11.0 GB of your 12.0 GB. To free some, delete videos, and then again in “Recently deleted”.',
  })
  await database.db.video.update({ where: { id }, data: { deletedAt: new Date(), purgeAt: new Date() } })
  await expect(reserve(ownerId, 2 * GB)).rejects.toMatchObject({
    message: `${numbers} Deleted videos take 11.0 GB of it until you delete them in “Recently deleted”.`,
  })
  await expect(check()).rejects.toMatchObject({
    message:
      'You use 11.0 GB of your 12.0 GB. Deleted videos take 11.0 GB of it until you delete them in “Recently deleted”.',
  })
})
