import type { PgBoss } from 'pg-boss'
import { processSingleton } from '../concurrency/process-singleton'
import type { Tx } from '../database/db'
import type { Prisma, Task } from '../generated/prisma/client'
import { exitOnUnknownKinds } from './queue-overrides'
import type { TaskSubject } from './subject'
import type { RecordKind } from './record-kind'
import type { TaskKind } from './task-kind'

export interface TaskEndListener {
  /** Whether the end of a task may matter to it, judged by the final row alone. */
  concerns(task: Task): boolean
  /**
   * Whether it waits for no row that several tasks share, so that one transaction can end many tasks without deadlocks.
   * Default: false.
   */
  isBatchable?: boolean
  /**
   * Called once for every end of a task that concerns it (done, failed or canceled), with the final rows and in the
   * transaction that ends the tasks; an error rolls that transaction back. Gets several tasks only if it is batchable.
   */
  onEnd(tx: Tx, boss: PgBoss, tasks: readonly Task[]): Promise<void>
}

export interface TaskRetryListener {
  /** Whether a retry of a task matters to it, judged by its row alone. */
  concerns(task: Task): boolean
  /** Called in the transaction that retries a failed or canceled task, with its row locked. An error refuses the retry. */
  onRetry(tx: Tx, boss: PgBoss, task: Task): Promise<void>
}

interface TaskRegistry {
  kinds: ReadonlyMap<string, TaskKind>
  recordKinds: ReadonlyMap<string, RecordKind>
  /** The subject types of the kinds. */
  subjects: readonly TaskSubject[]
  /** Run in this order; a later one sees what an earlier one wrote. */
  endListeners: readonly TaskEndListener[]
  retryListeners: readonly TaskRetryListener[]
}

const registered = processSingleton<TaskRegistry>('task registry')

/**
 * Sets the kinds of tasks and the listeners of this process, replacing earlier ones. Exits the process if
 * QUEUE_OPTIONS names an unknown kind.
 */
export function registerTasks(options: {
  kinds: readonly TaskKind[]
  /** Default: none. */
  recordKinds?: readonly RecordKind[]
  endListeners: readonly TaskEndListener[]
  /** Default: none. */
  retryListeners?: readonly TaskRetryListener[]
}) {
  exitOnUnknownKinds(options.kinds)
  registered.current = {
    kinds: new Map(options.kinds.map((kind) => [kind.name, kind])),
    recordKinds: new Map(options.recordKinds?.map((kind) => [kind.name, kind])),
    subjects: [...new Set(options.kinds.flatMap((kind) => kind.subject ?? []))],
    endListeners: options.endListeners,
    retryListeners: options.retryListeners ?? [],
  }
}

/** @throws {Error} before `registerTasks`: an empty registry would silently skip every listener. */
export function taskRegistry(): TaskRegistry {
  if (!registered.current) throw new Error('No tasks are registered: call registerAllTasks() at startup.')
  return registered.current
}

export const taskSubjects = () => taskRegistry().subjects

/** The label of a kind; its name for a kind of a newer version. */
export const kindLabel = (name: string) => {
  const { kinds, recordKinds } = taskRegistry()
  return (kinds.get(name) ?? recordKinds.get(name))?.label() ?? name
}

/** The label of a task that was skipped: done without doing what the label of its kind says. Null for other tasks. */
export const skippedLabel = ({ kind, state, result }: Pick<Task, 'kind' | 'state' | 'result'>) =>
  (state === 'done' && taskRegistry().kinds.get(kind)?.skippedLabel?.(result)) || null

/** Whether canceling a task of this kind leaves its siblings running. */
export const isOptionalKind = (name: string) => taskRegistry().kinds.get(name)?.isOptional ?? false

export const isInternalKind = (name: string) => taskRegistry().kinds.get(name)?.isInternal ?? false

export const internalKindNames = () =>
  [...taskRegistry().kinds.values()].filter((kind) => kind.isInternal).map((kind) => kind.name)

/** Matches the kinds that users request: all but the internal ones. */
export const notInternalKind = () => ({ notIn: internalKindNames() }) satisfies Prisma.TaskWhereInput['kind']

/** Names of the kinds whose tasks are parts of tasks of the kind `name`. */
export const partKindNames = (name: string) =>
  [...taskRegistry().kinds.values()].filter((kind) => kind.partOf === name).map((kind) => kind.name)

/** The kinds whose durations are predicted, by name. */
export const forecastKinds = () =>
  new Map(
    [...taskRegistry().kinds].flatMap(([name, kind]) =>
      kind.forecast ? [[name, { ...kind, forecast: kind.forecast }] as const] : [],
    ),
  )

/** Names of the kinds whose name or label contains `text`, ignoring case. */
export const searchKinds = (text: string) =>
  [...taskRegistry().kinds.values(), ...taskRegistry().recordKinds.values()]
    .filter(({ name, label }) => `${name} ${label()}`.toLowerCase().includes(text.toLowerCase()))
    .map(({ name }) => name)
