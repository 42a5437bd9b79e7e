import type pino from 'pino'
import type { Tx } from '@/lib/database/db'
import type { Prisma } from '@/lib/generated/prisma/client'
import type { PartPlan } from '@/lib/tasks/parts'
import type { TaskDetail, TaskError } from '@/lib/tasks/schema'
import type { PayloadOf, TaskKind } from '@/lib/tasks/task-kind'
import type { WorkerContext } from '../context'

export interface ProgressReport {
  /** 0 to 1. */
  progress?: number
  stage?: string
  etaSeconds?: number | null
  detail?: TaskDetail
}

/** One run of one task, as its handler sees it. */
export interface TaskRun<Payload> {
  taskId: string
  kind: TaskKind
  payload: Payload
  /** Aborted when the task is canceled or claimed by another run, or the worker shuts down: stop, clean up, throw. */
  signal: AbortSignal
  log: pino.Logger
  context: WorkerContext
  /** Reports progress. Written at most twice per second; later reports replace earlier ones. */
  report(report: ProgressReport): void
  /** Writes rows in a transaction. @throws {ClaimLost} if another run has claimed the task or it was canceled */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * As `write`, with statements that do not see the changes of each other, in one round trip. They must join `held`, which
   * has no row without the claim, and be idempotent. Ignores `signal`: they may record what has happened elsewhere.
   */
  writeTogether(...statements: Prisma.Sql[]): Promise<void>
}

export interface TaskOutcome {
  result?: object
  /** Writes rows that commit together with `done`. */
  store?: (tx: Tx) => Promise<void>
}

/** The task waits for parts, which workers execute concurrently, and runs again when all are done. */
export interface PartsOutcome {
  /** In the order in which they are to start. */
  parts: PartPlan[]
  /** The weight of these parts and of the finished ones. */
  totalWeight: number
}

/**
 * Executes one kind of task. Must be idempotent: a run resumes where an earlier one stopped. After an error the task is
 * retried; PermanentError fails it, and RetryLater postpones it without spending an attempt.
 */
export interface TaskHandler<K extends TaskKind = TaskKind> {
  kind: K
  run(run: TaskRun<PayloadOf<K>>): Promise<TaskOutcome | PartsOutcome>
  /** For a part: the detail of the task that it belongs to. */
  describeWhole?(payload: PayloadOf<K>, context: WorkerContext): Promise<TaskDetail>
  /** Writes rows that commit together with `failed`. */
  onFailed?(tx: Tx, payload: PayloadOf<K>, error: TaskError): Promise<void>
  /** Cleans up the partial work of a canceled or deleted task. Idempotent. */
  discard?(run: Pick<TaskRun<PayloadOf<K>>, 'taskId' | 'payload' | 'context'>): Promise<void>
  /** Runs between a task and the next fetch of its slot, to wait without holding a claim. */
  beforeNext?(context: WorkerContext, signal: AbortSignal): Promise<void>
}

export const defineHandler = <K extends TaskKind>(handler: TaskHandler<K>) =>
  handler as unknown as TaskHandler
