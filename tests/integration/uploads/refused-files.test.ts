import { expect, it } from 'vitest'
import { readServerStatus } from '@/lib/health/server-status'
import { recordRefusedFiles } from '@/lib/uploads/record-refusal'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()

it('refused files do not count as failures of the server', async () => {
  const { db } = database
  const { id } = await createOwner(db)
  const file = { filename: 'letter.pdf', sizeBytes: 4, type: 'application/pdf', reason: 'not_media' } as const
  await recordRefusedFiles(db, id, [file])
  expect(await db.task.count({ where: { ownerId: id, state: 'failed' } })).toBe(1)
  expect((await readServerStatus(db)).tasks.failedToday).toBe(0)
})
