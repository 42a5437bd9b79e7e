import type { Db } from '../database/db'
import { notFound } from '../errors'
import { readAttempts } from '../tasks/attempts'
import { isDeadLetter } from '../tasks/dead-letter'
import { getTask, getTaskLog } from '../tasks/queries'

/** Reads a task of any user with its log, attempts and payload. @throws {AppError} task.not_found */
export async function readAdminTask(db: Db, id: string) {
  const row = await db.task.findUnique({ where: { id }, include: { owner: { select: { email: true } } } })
  if (!row) throw notFound('task')
  const reference = { id, ownerId: row.ownerId }
  const [task, log, attempts] = await Promise.all([
    getTask(db, reference),
    getTaskLog(db, reference),
    readAttempts(db, id),
  ])
  return {
    task,
    log,
    attempts,
    owner: row.owner.email,
    queue: row.queue,
    payload: JSON.stringify(row.payload, null, 2),
    deaths: row.deaths,
    discard: row.discardReason,
    isDeadLetter: isDeadLetter(row),
  }
}
