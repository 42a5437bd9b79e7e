import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { removeExpiredUploads } from '@/lib/uploads/expire-uploads'
import { uploadsDir } from '@/lib/uploads/upload-paths'
import { createOwner, useDatabase } from '@/tests/support/database'

const dataDir = mkdtempSync(`${tmpdir()}/expire-`)
process.env.DATA_DIR = dataDir
const database = useDatabase()
afterAll(() => rmSync(dataDir, { recursive: true }))

// Files of tus uploads, and of uploads in one request body.
it.each(['', '.part'])(
  'keeps an expired upload that still receives data (file suffix “%s”)',
  async (suffix) => {
    const { db } = database
    const { id: ownerId } = await createOwner(db)
    const id = randomUUID()
    const expiresAt = new Date(Date.now() - 1)
    await db.upload.create({ data: { id, ownerId, filename: 'film.mp4', sizeBytes: 5e9, expiresAt } })
    mkdirSync(uploadsDir(), { recursive: true })
    const file = path.join(uploadsDir(), `${id}${suffix}`)
    writeFileSync(file, 'recent data')
    expect(await removeExpiredUploads({ db })).toBe(0)
    expect(await db.upload.count({ where: { id } })).toBe(1)
    utimesSync(file, new Date(0), new Date(0))
    expect(await removeExpiredUploads({ db })).toBe(1)
    expect([await db.upload.count({ where: { id } }), readdirSync(uploadsDir())]).toEqual([0, []])
  },
)
