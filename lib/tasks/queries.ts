import { z } from 'zod'
import type { Db, Tx } from '../database/db'
import { notFound } from '../errors'
import { sanitizeText } from '../text/sanitize'
import type { Prisma, Task } from '../generated/prisma/client'
import { type TaskDto, taskStateSchema } from './schema'
import { kindLabel, notInternalKind, searchKinds } from './registry'
import { readQueuePositions } from './queue-positions'

/** How the outside asks for tasks. 50 at a time if it does not say. */
export const taskListSchema = z.object({
  kind: z.string().overwrite(sanitizeText).optional(),
  state: taskStateSchema.optional(),
  search: z.string().trim().overwrite(sanitizeText).optional().describe('A part of a title, name, or error'),
  videoId: z.uuid().optional(),
  machineId: z.uuid().optional(),
  cursor: z.uuid().optional().describe('The nextCursor of the page before'),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** How a script asks for the stream of its tasks. */
export const taskEventsSchema = z.object({
  kind: z.string().overwrite(sanitizeText).optional().describe('Tasks of this kind only'),
  taskId: z.uuid().optional().describe('This task only, which is told at once whatever its state'),
  lastEventId: z.string().optional().describe('As the header Last-Event-ID, for who cannot set it'),
})

export interface TaskFilter extends z.infer<typeof taskListSchema> {
  ownerId: string
}

/** Newest first. `nextCursor` is null on the last page. */
export async function listTasks(db: Db, filter: TaskFilter) {
  const limit = filter.limit ?? 50
  const rows = await db.task.findMany({
    where: {
      ownerId: filter.ownerId,
      kind: filter.kind ?? notInternalKind(),
      state: filter.state,
      videoId: filter.videoId,
      machineId: filter.machineId,
      ...(filter.search ? textFilter(filter.search) : {}),
      // What the last page ended with may be gone, or in another state by now.
      AND: filter.cursor ? { id: { lt: filter.cursor } } : undefined,
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
  })
  const page = rows.slice(0, limit)
  return { tasks: await toTaskDtos(db, page), nextCursor: rows.length > limit ? page.at(-1)!.id : null }
}

function textFilter(search: string): Prisma.TaskWhereInput {
  const contains = { contains: search, mode: 'insensitive' } as const
  return {
    OR: [
      { video: { title: contains } },
      { machine: { name: contains } },
      { kind: { in: searchKinds(search) } },
      { error: { path: ['message'], string_contains: search } },
      ...(z.uuid().safeParse(search).success ? [{ id: search }] : []),
    ],
  }
}

/** @throws {AppError} task.not_found for a missing one and for somebody else's. */
export async function getTask(db: Db, options: { id: string; ownerId: string }) {
  const row = await db.task.findFirst({ where: options })
  if (!row) throw notFound('task')
  return (await toTaskDtos(db, [row]))[0]!
}

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

/** Rows as the outside sees them, with the place in line of those that wait. */
export async function toTaskDtos(db: Db | Tx, rows: Task[]): Promise<TaskDto[]> {
  const positions = await readQueuePositions(
    db,
    rows.filter((row) => row.state === 'queued').map((row) => row.id),
  )
  return rows.map((row) => toTaskDto(row, positions.get(row.id) ?? null))
}

/** A row as the outside sees it. `position` is null where it is not waiting, or its place is not told. */
export const toTaskDto = (row: Task, position: number | null): TaskDto => ({
  id: row.id,
  kind: row.kind,
  label: kindLabel(row.kind),
  state: row.state,
  stage: row.stage,
  progress: row.progress,
  etaSeconds: row.etaSeconds,
  position,
  attempts: row.attempts,
  maxAttempts: row.maxAttempts,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  finishedAt: row.finishedAt?.toISOString() ?? null,
  seenAt: row.seenAt?.toISOString() ?? null,
  result: row.result,
  error: row.error as TaskDto['error'],
  detail: row.detail as TaskDto['detail'],
  parentId: row.parentId,
  videoId: row.videoId,
  machineId: row.machineId,
})

/** Where a person's unfinished tasks are found. */
export const whereUnfinished = { state: { in: ['queued', 'in_progress'] } } satisfies Prisma.TaskWhereInput
