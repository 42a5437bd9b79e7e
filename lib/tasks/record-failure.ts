import { databaseTimeMs } from '../cluster/database-clock'
import type { Tx } from '../database/db'
import type { RecordKind } from './record-kind'
import type { TaskDetail, TaskError } from './schema'

interface Failure {
  kind: RecordKind
  ownerId: string
  payload: object
  error: TaskError
  detail?: TaskDetail
}

/**
 * Writes tasks that have failed without an attempt, for the activity of their owner. Without attempts they cannot be
 * retried, and they are no dead letters. The only tasks that are not created as `queued`.
 */
export const recordFailures = (tx: Tx, failures: readonly Failure[]) => {
  const finishedAt = new Date(databaseTimeMs())
  return tx.task.createManyAndReturn({
    data: failures.map(({ kind, ...task }) => ({
      ...task,
      error: { ...task.error },
      detail: task.detail && { ...task.detail },
      kind: kind.name,
      queue: kind.name,
      state: 'failed' as const,
      maxAttempts: 0,
      finishedAt,
    })),
  })
}
