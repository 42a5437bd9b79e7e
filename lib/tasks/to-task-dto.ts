import { readTakenQueues } from '../cluster/queries'
import type { Db, Tx } from '../database/db'
import type { Task } from '../generated/prisma/client'
import { formatStoredMessage } from '../i18n/stored-message'
import { toLegacySubjectFields } from './legacy-subject'
import { readEstimates, type TimeEstimate } from './forecast/queries'
import { readQueuePositions } from './queue-positions'
import { kindLabel, partKindNames, skippedLabel } from './registry'
import type { TaskDto } from './schema'
import { readStoredError } from './stored-error'
import { isFinished } from './state'

/** Converts rows to DTOs, with the estimates of unfinished tasks and the queue positions of waiting ones. */
export async function toTaskDtos(db: Db | Tx, rows: Task[]): Promise<TaskDto[]> {
  const unfinished = rows.filter((row) => !isFinished(row.state))
  if (unfinished.length === 0) return rows.map((row) => toTaskDto(row))
  const queued = unfinished.filter((row) => row.state === 'queued')
  const ids = (list: Task[]) => list.map((row) => row.id)
  const [estimates, positions, taken] = await Promise.all([
    readEstimates(db, ids(unfinished)),
    readQueuePositions(db, ids(queued)),
    queued.length > 0 ? readTakenQueues(db) : null,
  ])
  return rows.map((row) =>
    toTaskDto(row, {
      position: positions.get(row.id) ?? null,
      hasWorker: row.state !== 'queued' || queuesAwaitedBy(row).every((queue) => taken!.has(queue)),
      ...estimates.get(row.id),
    }),
  )
}

/** The queues of a waiting task: those of its parts once they exist. */
const queuesAwaitedBy = ({ kind, queue, jobId, weight }: Task) =>
  jobId === null && weight !== null ? partKindNames(kind) : [queue]

interface DerivedFields extends Partial<TimeEstimate>, Pick<TaskDto, 'position' | 'hasWorker'> {}

/** Converts a row to a DTO. `position` is null if the task is not queued or its position is unknown. */
export const toTaskDto = (
  row: Task,
  { position, hasWorker, ...estimate }: DerivedFields = { position: null, hasWorker: true },
): TaskDto => ({
  id: row.id,
  kind: row.kind,
  label: skippedLabel(row) ?? kindLabel(row.kind),
  state: row.state,
  isSkipped: skippedLabel(row) !== null,
  stage: row.stage && formatStoredMessage(row.stageSource, row.stage),
  progress: row.progress,
  // Kinds whose duration is not predicted may report it.
  etaSeconds: row.etaSeconds,
  etaRangeSeconds: null,
  startsInSeconds: null,
  ...estimate,
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
  error: readStoredError(row.error),
  detail: row.detail as TaskDto['detail'],
  parentId: row.parentId,
  ...toLegacySubjectFields(row),
})
