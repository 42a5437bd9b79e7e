import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDb } from '@/lib/database/db'
import { openBoss } from '@/lib/tasks/boss'
import { registerVideo } from '@/lib/videos/register-video'
import { findFreePort } from '@/scripts/postgres'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()
let boss: PgBoss
beforeAll(async () => {
  boss = openBoss({ url: database.url, supervise: false })
  await boss.start()
})
afterAll(() => boss.stop({ graceful: false }))

it('can be repeated after the database was unavailable, and registers a video once', async () => {
  const { db } = database
  const { id: ownerId } = await createOwner(db)
  const file = { id: randomUUID(), ownerId, filename: 'film.MP4', sizeBytes: 16, sha256: '' }
  const unavailableDb = openDb({ url: `postgres://127.0.0.1:${await findFreePort()}/none` })
  await expect(registerVideo({ db: unavailableDb, boss }, file)).rejects.toThrow()

  const { videoId } = await registerVideo({ db, boss }, file)
  await expect(registerVideo({ db, boss }, file)).rejects.toThrow()
  const [video, ...others] = await db.video.findMany({ include: { tasks: true } })
  expect(video).toMatchObject({ id: videoId, sourceKey: `videos/${videoId}/source.mp4` })
  expect([others.length, new Set(video!.tasks.map(({ kind }) => kind)).size]).toEqual([
    0,
    video!.tasks.length,
  ])
})
