import { z } from 'zod'
import type { Db } from '../database/db'
import { queryDirectly } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { notFound } from '../errors'
import { Prisma, type Task } from '../generated/prisma/client'
import { notInternalKind, searchKinds } from './registry'
import type { TaskListQuery } from './schema'
import type { SubjectRef } from './subject'
import { whereSubjectMatches } from './subject-queries'
import { toTaskDtos } from './to-task-dto'

const MAX_MATCHING_SUBJECTS = 5_000

export interface TaskFilter extends TaskListQuery {
  ownerId: string
  /** Selects tasks about all of these, and so none for more than one: a task has at most one subject. */
  subjects?: readonly SubjectRef[]
}

/** Lists tasks, newest first, 50 by default. `nextCursor` is null on the last page. */
export async function listTasks(db: Db, filter: TaskFilter) {
  const limit = filter.limit ?? 50
  const rows = await db.task.findMany({
    where: {
      ownerId: filter.ownerId,
      kind: filter.kind ?? notInternalKind(),
      state: filter.state,
      ...(filter.search ? await whereTextMatches(db, filter.ownerId, filter.search) : {}),
      // Not a Prisma cursor: its row may no longer match the filter or exist.
      AND: [...(filter.subjects ?? []), ...(filter.cursor ? [{ id: { lt: filter.cursor } }] : [])],
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
  })
  const page = rows.slice(0, limit)
  return { tasks: await toTaskDtos(db, page), nextCursor: rows.length > limit ? page.at(-1)!.id : null }
}

async function whereTextMatches(db: Db, ownerId: string, text: string): Promise<Prisma.TaskWhereInput> {
  return {
    OR: [
      ...(await whereSubjectMatches(db, { text, ownerId, limit: MAX_MATCHING_SUBJECTS })),
      { kind: { in: searchKinds(text) } },
      { error: { path: ['message'], string_contains: text } },
      { detail: { path: ['filename'], string_contains: text } },
      ...(z.uuid().safeParse(text).success ? [{ id: text }] : []),
    ],
  }
}

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
