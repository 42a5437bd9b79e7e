import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDb } from '@/lib/database/db'
import { createLocalStorage } from '@/lib/storage/local-storage'
import { openBoss } from '@/lib/tasks/boss'
import { registerVideo } from '@/lib/videos/register-video'
import { findFreePort } from '@/scripts/postgres'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()
const dir = mkdtempSync(`${tmpdir()}/register-`)
const storage = createLocalStorage(path.join(dir, 'storage'))
let boss: PgBoss
beforeAll(async () => {
  boss = openBoss({ url: database.url, supervise: false })
  await boss.start()
})
afterAll(async () => {
  await boss.stop({ graceful: false })
  rmSync(dir, { recursive: true })
})

it('keeps an uploaded file for a retry while the database is unavailable', async () => {
  const content = Buffer.from('uploaded content')
  const file = {
    ownerId: (await createOwner(database.db)).id,
    path: path.join(dir, 'upload'),
    filename: 'film.mp4',
    sizeBytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }
  writeFileSync(file.path, content)
  const unavailableDb = openDb({ url: `postgres://127.0.0.1:${await findFreePort()}/none` })
  await expect(registerVideo({ db: unavailableDb, boss, storage }, file)).rejects.toThrow()
  expect(readFileSync(file.path)).toEqual(content)

  const { videoId } = await registerVideo({ db: database.db, boss, storage }, file)
  expect(existsSync(file.path)).toBe(false)
  const { sourceKey } = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
  expect(await buffer(await storage.read(sourceKey))).toEqual(content)
})
