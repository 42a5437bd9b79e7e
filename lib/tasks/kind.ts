import type { z } from 'zod'

/** How the queue treats one kind of task. Every duration is in seconds. */
export interface QueueOptions {
  /** Tasks of this kind that one worker does at once. */
  concurrency: number
  /** Attempts before the task fails for good; a hand-over does not count. */
  maxAttempts: number
  /** Wait before the first retry; it doubles with every further one. */
  retryDelaySeconds: number
  /** Longest time one attempt may take. */
  expireSeconds: number
  /** How long work may wait before it is dropped. */
  retentionSeconds: number
  /** Higher goes first within the queue. */
  priority: number
  /** Kinds of one lane share a queue on every host, for work that only that host can do. */
  lane?: string
}

/** The contract of one kind of task: its name (never changed once released), payload, and queue. */
export interface TaskKind<Name extends string = string, Payload extends z.ZodType = z.ZodType> {
  name: Name
  payload: Payload
  /** What a person reads while it runs: "Making renditions". */
  label: string
  /** An extra: canceling it leaves alone what was started beside it. */
  isAside?: boolean
  queue: QueueOptions
}

/** Where tasks of `kind` wait: in the kind's own queue, or in the lane of the host that has to do them. */
export const queueOf = (kind: TaskKind, hostId?: string | null) =>
  kind.queue.lane && hostId ? `${kind.queue.lane}/${hostId}` : kind.name

export type PayloadOf<K extends TaskKind> = z.infer<K['payload']>

const DAY = 24 * 60 * 60

const QUEUE_DEFAULTS: QueueOptions = {
  concurrency: 1,
  maxAttempts: 3,
  retryDelaySeconds: 5,
  expireSeconds: 12 * 60 * 60,
  retentionSeconds: 14 * DAY,
  priority: 0,
}

/** Defines a kind. Queue options that are not named: one at a time, 3 attempts, 12 h, kept 14 days. */
export function defineKind<const Name extends string, Payload extends z.ZodType>(kind: {
  name: Name
  payload: Payload
  label: string
  isAside?: boolean
  queue?: Partial<QueueOptions>
}): TaskKind<Name, Payload> {
  return { ...kind, queue: { ...QUEUE_DEFAULTS, ...kind.queue } }
}
