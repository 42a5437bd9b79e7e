import { readTakenQueues } from '../cluster/queries'
import type { Db, Tx } from '../database/db'
import type { Task } from '../generated/prisma/client'
import { toLegacySubjectFields } from './legacy-subject'
import { readQueuePositions } from './queue-positions'
import { kindLabel, partKindNames } from './registry'
import type { TaskDto } from './schema'

/** Converts rows to DTOs, with the queue positions of waiting tasks. */
export async function toTaskDtos(db: Db | Tx, rows: Task[]): Promise<TaskDto[]> {
  const queued = rows.filter((row) => row.state === 'queued')
  if (queued.length === 0) return rows.map((row) => toTaskDto(row))
  const [positions, taken] = await Promise.all([
    readQueuePositions(
      db,
      queued.map((row) => row.id),
    ),
    readTakenQueues(db),
  ])
  return rows.map((row) =>
    toTaskDto(row, {
      position: positions.get(row.id) ?? null,
      hasWorker: row.state !== 'queued' || queuesAwaitedBy(row).every((queue) => taken.has(queue)),
    }),
  )
}

/** The queues of a waiting task: those of its parts once they exist. */
const queuesAwaitedBy = ({ kind, queue, jobId, weight }: Task) =>
  jobId === null && weight !== null ? partKindNames(kind) : [queue]

/** Converts a row to a DTO. `position` is null if the task is not queued or its position is unknown. */
export const toTaskDto = (
  row: Task,
  { position, hasWorker }: Pick<TaskDto, 'position' | 'hasWorker'> = { position: null, hasWorker: true },
): TaskDto => ({
  id: row.id,
  kind: row.kind,
  label: kindLabel(row.kind),
  state: row.state,
  stage: row.stage,
  progress: row.progress,
  etaSeconds: row.etaSeconds,
  position,
  hasWorker,
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
  ...toLegacySubjectFields(row),
})
