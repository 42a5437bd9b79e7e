import type { Db } from '../database/db'
import { queryDirectly } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { notFound } from '../errors'
import { Prisma, type Task } from '../generated/prisma/client'
import { notInternalKind } from './registry'
import type { TaskListQuery } from './schema'
import { findTaskIds, textConditions } from './search'
import type { SubjectRef } from './subject'
import { toTaskDtos } from './to-task-dto'

export interface TaskFilter extends TaskListQuery {
  ownerId: string
  /** Selects tasks about all of these, and so none for more than one: a task has at most one subject. */
  subjects?: readonly SubjectRef[]
}

/** Lists tasks, newest first, 50 by default. `nextCursor` is null on the last page. */
export async function listTasks(db: Db, filter: TaskFilter) {
  const limit = filter.limit ?? 50
  const rows = await db.task.findMany({
    where: filter.search
      ? { id: { in: await searchTaskIds(db, filter, { text: filter.search, limit: limit + 1 }) } }
      : {
          ownerId: filter.ownerId,
          kind: filter.kind ?? notInternalKind(),
          state: filter.state,
          // Not a Prisma cursor: its row may no longer match the filter or exist.
          AND: [...(filter.subjects ?? []), ...(filter.cursor ? [{ id: { lt: filter.cursor } }] : [])],
        },
    orderBy: { id: 'desc' },
    take: limit + 1,
  })
  const page = rows.slice(0, limit)
  return { tasks: await toTaskDtos(db, page), nextCursor: rows.length > limit ? page.at(-1)!.id : null }
}

const searchTaskIds = (
  db: Db,
  { ownerId, kind, state, subjects = [], cursor }: TaskFilter,
  { text, limit }: { text: string; limit: number },
) =>
  findTaskIds(db, {
    any: textConditions({ text, ownerId }),
    all: [
      Prisma.sql`"ownerId" = ${ownerId}`,
      kind === undefined
        ? Prisma.sql`kind <> ALL (${notInternalKind().notIn}::text[])`
        : Prisma.sql`kind = ${kind}`,
      ...(state ? [Prisma.sql`state = ${state}::"TaskState"`] : []),
      ...subjects.map(
        ({ subjectType, subjectId }) =>
          Prisma.sql`"subjectType" = ${subjectType} AND "subjectId" = ${subjectId}::uuid`,
      ),
      ...(cursor ? [Prisma.sql`id < ${cursor}::uuid`] : []),
    ],
    limit,
  })

/** @throws {AppError} task.not_found if it does not exist or belongs to another user */
export async function getTask(db: Db, options: { id: string; ownerId: string }) {
  const [row] = await queryDirectly<Task>(
    db,
    Prisma.sql`${prepared} SELECT * FROM task WHERE id = ${options.id}::uuid AND "ownerId" = ${options.ownerId}`,
  )
  if (!row) throw notFound('task')
  return (await toTaskDtos(db, [row]))[0]!
}

/** Returns the newest 5,000 lines, oldest first. @throws {AppError} task.not_found */
export async function getTaskLog(db: Db, options: { id: string; ownerId: string }) {
  await getTask(db, options)
  const lines = await db.taskLogLine.findMany({
    where: { taskId: options.id },
    orderBy: { id: 'desc' },
    take: 5_000,
  })
  return lines.toReversed().map((line) => ({
    at: line.at.toISOString(),
    attempt: line.attempt,
    level: line.level,
    message: line.message,
  }))
}

/** Matches tasks that have not ended. */
export const whereUnfinished = { state: { in: ['queued', 'in_progress'] } } satisfies Prisma.TaskWhereInput
