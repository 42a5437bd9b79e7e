import type pino from 'pino'
import type { Tx } from '@/lib/database/db'
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

/** One run of one task. */
export interface TaskRun<Payload> {
  taskId: string
  kind: TaskKind
  payload: Payload
  /** Aborted when the task is canceled, claimed by another run or handed over: stop, clean up, throw. */
  signal: AbortSignal
  log: pino.Logger
  context: WorkerContext
  /** Reports progress. At most two reports per second are written; later ones replace earlier ones. */
  report(report: ProgressReport): void
  /** Writes rows in a transaction. @throws {ClaimLost} if another run has claimed the task or it was canceled. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

export interface TaskOutcome {
  result?: object
  /** Writes rows that commit together with `done`. */
  store?: (tx: Tx) => Promise<void>
}

/**
 * Runs one kind of task. Must be idempotent: a later run finds what an earlier one finished and resumes there.
 * An error it throws is retried, PermanentError fails the task, RetryLater postpones it without spending an attempt.
 */
export interface TaskHandler<K extends TaskKind = TaskKind> {
  kind: K
  run(run: TaskRun<PayloadOf<K>>): Promise<TaskOutcome>
  /** Writes rows that commit together with `failed`. */
  onFailed?(tx: Tx, payload: PayloadOf<K>, error: TaskError): Promise<void>
  /** Removes what a canceled or deleted task began. Idempotent. */
  discard?(run: Pick<TaskRun<PayloadOf<K>>, 'taskId' | 'payload' | 'context'>): Promise<void>
  /** Runs after a run and before the slot fetches its next job: waits while no task is claimed for it. */
  beforeNext?(context: WorkerContext, signal: AbortSignal): Promise<void>
}

export const defineHandler = <K extends TaskKind>(handler: TaskHandler<K>) =>
  handler as unknown as TaskHandler
