import { expect, it } from 'vitest'
import { changesSince } from '@/lib/realtime/changes-since'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()

it('never reports a row as gone that still exists, however many newer rows there are', async () => {
  const { id: ownerId } = await createOwner(database.db)
  const row = { ownerId, kind: 'video.inspect', queue: 'none', payload: {}, maxAttempts: 1 }
  const shown = await database.db.task.create({ data: { ...row, state: 'done' } })
  const removed = '00000000-0000-7000-8000-000000000000'
  const burst = await database.db.task.createManyAndReturn({ data: Array.from({ length: 700 }, () => row) })
  const known = { [shown.id]: shown.version, [removed]: 1 }
  const { tasks, gone } = await changesSince(database.db, { ownerId, known })
  expect(gone).toEqual([removed])
  const newest = burst.map(({ id }) => id).toSorted()
  expect(tasks.map(({ id }) => id).toSorted()).toEqual(newest.slice(-500))
})
