import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Prisma, Task } from '../generated/prisma/client'
import { exitOnUnknownKinds } from './queue-overrides'
import type { TaskSubject } from './subject'
import type { TaskKind } from './task-kind'

/**
 * Called once for every end of a task (done, failed or canceled), in the transaction that ends it and with the row as
 * it ended. Must ignore kinds it does not handle. What it throws rolls the end back.
 */
export type TaskEndListener = (tx: Tx, boss: PgBoss, task: Task) => Promise<void>

interface TaskRegistry {
  kinds: ReadonlyMap<string, TaskKind>
  /** The subject types of the kinds. */
  subjects: readonly TaskSubject[]
  /** Run in this order; a later one sees what an earlier one wrote. */
  endListeners: readonly TaskEndListener[]
}

// Next.js evaluates a module once per bundle; the process has one registry.
const processGlobal = globalThis as typeof globalThis & { meanwhileTaskRegistry?: TaskRegistry }

/**
 * Sets the kinds of tasks and the listeners of this process, replacing earlier ones. Exits the process if
 * QUEUE_OPTIONS names an unknown kind.
 */
export function registerTasks(options: {
  kinds: readonly TaskKind[]
  endListeners: readonly TaskEndListener[]
}) {
  exitOnUnknownKinds(options.kinds)
  processGlobal.meanwhileTaskRegistry = {
    kinds: new Map(options.kinds.map((kind) => [kind.name, kind])),
    subjects: [...new Set(options.kinds.flatMap((kind) => kind.subject ?? []))],
    endListeners: options.endListeners,
  }
}

/** @throws {Error} before `registerTasks`: an empty registry would silently skip every listener. */
export function taskRegistry(): TaskRegistry {
  const registry = processGlobal.meanwhileTaskRegistry
  if (!registry) throw new Error('No tasks are registered: call registerAllTasks() at startup.')
  return registry
}

export const taskSubjects = () => taskRegistry().subjects

/** The label of a kind; its name if a newer version of the app created it. */
export const kindLabel = (name: string) => taskRegistry().kinds.get(name)?.label ?? name

/** Whether canceling a task of this kind leaves its siblings running. */
export const isOptionalKind = (name: string) => taskRegistry().kinds.get(name)?.isOptional ?? false

export const isInternalKind = (name: string) => taskRegistry().kinds.get(name)?.isInternal ?? false

export const internalKindNames = () =>
  [...taskRegistry().kinds.values()].filter((kind) => kind.isInternal).map((kind) => kind.name)

/** Matches the kinds that users request: all but the internal ones. */
export const notInternalKind = () => ({ notIn: internalKindNames() }) satisfies Prisma.TaskWhereInput['kind']

/** Names of the kinds whose name or label contains `text`, ignoring case. */
export const searchKinds = (text: string) =>
  [...taskRegistry().kinds.values()]
    .filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(text.toLowerCase()))
    .map(({ name }) => name)
