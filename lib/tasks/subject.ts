import type { Db, Tx } from '../database/db'
import type { Prisma, Task } from '../generated/prisma/client'

/**
 * A type of object that tasks are about, such as videos. A kind declares its subject: `defineTaskKind({ subject })`.
 */
export interface TaskSubject {
  /** Stored in `task.subjectType`; never changes once released. */
  type: string
  /** Selects the `id` of every subject whose title matches a pattern of ILIKE; all owners' by default. */
  withTitle(options: { pattern: string; ownerId?: string }): Prisma.Sql
  /** Returns titles by id, without the ids that do not exist. */
  readTitles(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Throws an AppError if the tasks of a subject may not be retried. Called after they are locked. */
  requireRetryable?(tx: Tx, subject: { id: string; ownerId: string }): Promise<unknown>
  /** Selects the `id` of every subject whose finished tasks are not pruned because pages still show them. */
  retained: Prisma.Sql
}

export type SubjectRef = { [Key in 'subjectType' | 'subjectId']: NonNullable<Task[Key]> }
