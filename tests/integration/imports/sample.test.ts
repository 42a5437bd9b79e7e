import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSample } from '@/lib/imports/commands'
import { importSampleTask } from '@/lib/imports/tasks'
import { openBoss } from '@/lib/tasks/boss'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()
let boss: PgBoss
beforeAll(async () => {
  boss = await openBoss({ url: database.url, supervise: false }).start()
})
afterAll(() => boss.stop({ graceful: false }))

it('generates one sample video of a user at a time', async () => {
  const { id: ownerId } = await createOwner(database.db)
  const create = () => createSample({ db: database.db, boss }, ownerId)
  const [first, second] = await Promise.all([create(), create()])
  expect(second).toEqual(first)
  expect(await database.db.task.count({ where: { kind: importSampleTask.name } })).toBe(1)
})
