import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, expect, it } from 'vitest'
import { announceUpload, promiseMore } from '@/lib/uploads/limits'
import { createOwner, useDatabase } from '@/tests/support/database'

const GB = 1e9
const dataDir = mkdtempSync(`${tmpdir()}/room-`)
const { bavail, bsize } = statfsSync(dataDir)
// Others write here as well, but not gigabytes.
Object.assign(process.env, {
  DATA_DIR: dataDir,
  DISK_RESERVE_BYTES: String(Math.max(0, bavail * bsize - 25 * GB)),
  STORAGE_QUOTA_BYTES: String(12 * GB),
})
const database = useDatabase()
afterAll(() => rmSync(dataDir, { recursive: true }))

const owner = async () => (await createOwner(database.db)).id
const announce = (ownerId: string, sizeBytes: number) => {
  const id = randomUUID()
  const expiresAt = new Date(Date.now() + 1e6)
  return announceUpload(database.db, { id, ownerId, filename: 'film.mp4', sizeBytes, expiresAt }).then(
    () => id,
  )
}
const outcomes = async (asked: Promise<string>[]) =>
  (await Promise.allSettled(asked))
    .map((one) => (one.status === 'fulfilled' ? 'taken' : (one.reason as { code: string }).code))
    .toSorted()
const clear = () => database.db.upload.deleteMany()

it('many uploads that are announced at once get no more than there is, of a quota or of the disk', async () => {
  const ada = await owner()
  expect(await outcomes(Array.from({ length: 8 }, () => announce(ada, 5 * GB)))).toEqual(
    [...Array<string>(2).fill('taken'), ...Array<string>(6).fill('upload.quota_exceeded')].toSorted(),
  )
  await clear()
  const people = await Promise.all(Array.from({ length: 6 }, owner))
  expect(await outcomes(people.map((person) => announce(person, 11 * GB)))).toEqual([
    ...Array<string>(2).fill('taken'),
    ...Array<string>(4).fill('upload.disk_full'),
  ])
  await clear()
})

it('one of unknown size is promised its room in steps, as far as there is any', async () => {
  const ada = await owner()
  const id = await announce(ada, 0)
  const more = (bytes: number) => promiseMore(database.db, { id, ownerId: ada, bytes })
  const first = await more(1)
  expect(first).toBeGreaterThan(1e6)
  expect(first).toBeLessThan(GB)
  await announce(ada, 12 * GB - first)
  expect(await outcomes([announce(ada, 1)])).toEqual(['upload.quota_exceeded'])
  expect(await more(first)).toBe(first)
  await expect(more(first + 1)).rejects.toMatchObject({ code: 'upload.quota_exceeded' })
  await clear()
})
