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

/** What a handler gets for one run of one task. */
export interface TaskRun<Payload> {
  taskId: string
  kind: TaskKind
  payload: Payload
  /** Aborted when the task is canceled, superseded, out of time, or handed over: stop, clean up, throw. */
  signal: AbortSignal
  log: pino.Logger
  context: WorkerContext
  /** Tells how far it is. At most two writes a second reach the database; the last one always does. */
  report(report: ProgressReport): void
  /** Writes rows, refused (and the run aborted) when this run was superseded. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

export interface TaskOutcome {
  result?: object
  /** Rows that must commit together with "done". */
  store?: (tx: Tx) => Promise<void>
}

/**
 * Does one kind of task. It may be given the same task twice: it finds what an earlier run finished
 * and goes on from there. Throwing means "again later"; PermanentError "never"; RetryLater "not now".
 */
export interface TaskHandler<K extends TaskKind = TaskKind> {
  kind: K
  run(run: TaskRun<PayloadOf<K>>): Promise<TaskOutcome>
  /** Rows that must commit together with "failed". */
  onFailed?(tx: Tx, payload: PayloadOf<K>, error: TaskError): Promise<void>
  /** After a cancel, or when its rows were deleted: removes what was begun. May be called twice. */
  discard?(run: Pick<TaskRun<PayloadOf<K>>, 'taskId' | 'payload' | 'context'>): Promise<void>
  /** After a run, before the next task is taken: what has to be waited for anyway is waited for with empty hands. */
  beforeNext?(context: WorkerContext, signal: AbortSignal): Promise<void>
}

export const defineHandler = <K extends TaskKind>(handler: TaskHandler<K>) =>
  handler as unknown as TaskHandler
