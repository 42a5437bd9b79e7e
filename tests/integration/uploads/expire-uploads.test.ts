import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { sourceKey } from '@/lib/storage/keys'
import { createLocalStorage } from '@/lib/storage/local-storage'
import { removeExpiredUploads } from '@/lib/uploads/expire-uploads'
import { uploadsDir } from '@/lib/uploads/upload-paths'
import { createOwner, useDatabase } from '@/tests/support/database'

const dataDir = mkdtempSync(`${tmpdir()}/expire-`)
process.env.DATA_DIR = dataDir
const database = useDatabase()
afterAll(() => rmSync(dataDir, { recursive: true }))

it('keeps an expired upload that still receives data', async () => {
  const { db } = database
  const storage = createLocalStorage(path.join(dataDir, 'storage'))
  const { id: ownerId } = await createOwner(db)
  const id = randomUUID()
  const expiresAt = new Date(Date.now() - 1)
  await db.upload.create({ data: { id, ownerId, filename: 'film.mp4', sizeBytes: 5e9, expiresAt } })
  mkdirSync(uploadsDir(), { recursive: true })
  const file = path.join(uploadsDir(), id)
  writeFileSync(file, 'recent data')
  // Stored, but not registered.
  await storage.put(sourceKey(id, 'film.mp4'), Buffer.from('data'))
  expect(await removeExpiredUploads({ db, storage })).toBe(0)
  expect(await db.upload.count({ where: { id } })).toBe(1)
  utimesSync(file, new Date(0), new Date(0))
  expect(await removeExpiredUploads({ db, storage })).toBe(1)
  expect([await db.upload.count({ where: { id } }), readdirSync(uploadsDir())]).toEqual([0, []])
  expect(await storage.list('videos')).toEqual([])
})
