import type { PgBoss } from 'pg-boss'
import type { Db } from '../../database/db'
import { spendRateLimit } from '../../rate-limits/spend-rate-limit'
import { enqueueTask } from '../../tasks/enqueue'
import { trimVideoTask } from '../tasks'
import { prepareTrim, type RequestedTrim } from './prepare-trim'

/**
 * Has a worker trim a video to a range of its whole file, which plays until the task is done. A request cancels the unfinished
 * one before it. Returns the id of the task.
 * @throws {AppError} rate.limited, and those of `prepareTrim`
 */
export async function requestTrim({ db, boss }: { db: Db; boss: PgBoss }, request: RequestedTrim) {
  const { id, ownerId } = request
  await spendRateLimit(db, { ownerId, action: 'video.trim', perMinute: 10 })
  return db.$transaction(async (tx) => {
    const payload = await prepareTrim(tx, boss, request)
    const task = await enqueueTask(tx, boss, { kind: trimVideoTask, ownerId, subjectId: id, payload })
    return task.id
  })
}
