import type { Db, Tx } from '../database/db'
import type { WorkerBeat } from '../generated/prisma/client'
import type { ProcessDto, ProcessRole } from './schema'
import { formatStoredMessage } from '../i18n/stored-message'
import * as messages from '../generated/messages/process-problems'
import { translateProcessProblem } from './process-texts'

/** A process without a heartbeat for this long counts as stopped. Measured by the clock of the database. */
export const PROCESS_TIMEOUT = '20 seconds'

/** How long a stopped process stays listed. */
const LISTED_FOR = '10 minutes'

interface RunningTaskRow {
  workerId: string
  taskId: string
  kind: string
  stage: string | null
  stageSource: unknown
  progress: number
  startedAt: Date
  email: string
}

type BeatRow = Omit<WorkerBeat, 'queues'> & { queues: string[] | null; isOnline: boolean }

/** Lists the processes seen within 10 minutes by computer, each with its running tasks. `kindLabel` names their kinds. */
export async function listProcesses(db: Db, kindLabel: (kind: string) => string): Promise<ProcessDto[]> {
  const [beats, running] = await Promise.all([
    db.$queryRaw<BeatRow[]>`
      SELECT *, "seenAt" > now() - ${PROCESS_TIMEOUT}::interval AS "isOnline" FROM worker_beat
      WHERE "seenAt" > now() - ${LISTED_FOR}::interval ORDER BY hostname, role, "startedAt", id`,
    db.$queryRaw<RunningTaskRow[]>`
      SELECT a."workerId", task.id AS "taskId", task.kind, task.stage, task."stageSource", task.progress, a."startedAt", "user".email
      FROM task JOIN task_attempt a ON a."taskId" = task.id AND a.claim = task.claim AND a."endedAt" IS NULL
      JOIN "user" ON "user".id = task."ownerId" WHERE task.state = 'in_progress'
      ORDER BY a."startedAt"`,
  ])
  return beats.map((beat) => ({
    id: beat.id,
    role: beat.role as ProcessRole,
    hostname: beat.hostname,
    pid: beat.pid,
    version: beat.version,
    schemaLevel: beat.schemaLevel,
    isOnline: beat.isOnline,
    seenAt: beat.seenAt.toISOString(),
    startedAt: beat.startedAt.toISOString(),
    queues: beat.queues,
    drainReason: translateProcessProblem(beat.drainReason),
    sandboxProblem: translateProcessProblem(beat.problem ?? beat.warning),
    storageProblem: translateProcessProblem(beat.storageProblem),
    videoEncoder: beat.videoEncoder,
    encoderProblem: beat.encoderProblem,
    clockOffsetMs: beat.clockOffsetMs,
    load: beat.load,
    cpus: beat.cpus,
    memoryUsedBytes: toNumber(beat.memoryUsedBytes),
    memoryTotalBytes: toNumber(beat.memoryTotalBytes),
    rssBytes: toNumber(beat.rssBytes),
    tasks: running
      .filter(({ workerId }) => workerId === beat.id)
      .map(({ workerId: _workerId, stageSource, ...task }) => ({
        ...task,
        stage: task.stage && formatStoredMessage(stageSource, task.stage),
        label: kindLabel(task.kind),
        startedAt: task.startedAt.toISOString(),
      })),
  }))
}

const toNumber = (bytes: bigint | null) => (bytes === null ? null : Number(bytes))

interface TakenQueues {
  has(queue: string): boolean
  /** Equal for equal sets. */
  key: string
}

/** Reads which queues the online workers take. A worker of a version that does not report its queues takes all. */
export async function readTakenQueues(db: Db | Tx): Promise<TakenQueues> {
  const rows = await db.$queryRaw<{ queues: string[] | null }[]>`
    SELECT queues FROM worker_beat WHERE role = 'worker' AND "seenAt" > now() - ${PROCESS_TIMEOUT}::interval`
  const taken = new Set(rows.flatMap(({ queues }) => queues ?? []))
  const hasUnreported = rows.some(({ queues }) => queues === null)
  return {
    key: JSON.stringify([hasUnreported, ...[...taken].toSorted()]),
    has: (queue) => hasUnreported || taken.has(queue),
  }
}

/** Returns what the online workers that take one of `queues` report as their encoder, without duplicates. */
export async function readWorkerEncoders(db: Db, queues: readonly string[]) {
  const rows = await db.$queryRaw<{ encoder: string }[]>`
    SELECT DISTINCT coalesce("videoEncoder", 'software') AS encoder FROM worker_beat
    WHERE role = 'worker' AND "seenAt" > now() - ${PROCESS_TIMEOUT}::interval
      AND (queues IS NULL OR queues && ${queues}::text[])`
  return rows.map(({ encoder }) => encoder)
}

/** Names the queues with waiting tasks that no online worker takes. */
export async function readUntakenQueues(db: Db) {
  const [taken, waiting] = await Promise.all([
    readTakenQueues(db),
    db.$queryRaw<{ queue: string }[]>`
      SELECT name AS queue FROM pgboss.queue
      WHERE EXISTS (SELECT FROM task WHERE queue = name AND state = 'queued' AND "jobId" IS NOT NULL) ORDER BY name`,
  ])
  return waiting.map(({ queue }) => queue).filter((queue) => !taken.has(queue))
}

/**
 * Returns why the storage `id` is not the one to use: that of the online web processes, which receive the uploads, or
 * without one that of the oldest process.
 */
export async function findForeignStorage(db: Db, id: string | null) {
  const [other] = await db.$queryRaw<{ storageId: string; hostname: string | null; role: string }[]>`
    SELECT "storageId", hostname, role FROM worker_beat
    WHERE "storageId" IS NOT NULL AND "seenAt" > now() - ${PROCESS_TIMEOUT}::interval
    ORDER BY role = 'web' DESC, "startedAt", id LIMIT 1`
  if (!id || !other || other.storageId === id) return null
  const value = other.hostname ?? ''
  return other.role === 'web'
    ? messages.otherStorageOfWeb({ value })
    : messages.otherStorageOfWorker({ value })
}
