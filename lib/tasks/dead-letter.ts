import { Prisma, type Task } from '../generated/prisma/client'

// The definition of a dead letter, in three forms: a task that failed by itself and is not dismissed. Its dependents,
// which fail with it, have no cause; they are retried with it.

export const whereDeadLetter = {
  state: 'failed',
  cause: { not: null },
  discardedAt: null,
} satisfies Prisma.TaskWhereInput

/** For a statement on the table `task` without an alias. */
export const deadLetterSql = Prisma.sql`(task.state = 'failed' AND task.cause IS NOT NULL AND task."discardedAt" IS NULL)`

export const isDeadLetter = ({ state, cause, discardedAt }: Pick<Task, 'state' | 'cause' | 'discardedAt'>) =>
  state === 'failed' && cause !== null && discardedAt === null
