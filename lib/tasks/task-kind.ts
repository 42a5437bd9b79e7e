import type { z } from 'zod'
import { config } from '../config/config'
import { QUEUE_DEFAULTS, type QueueSettings } from '../config/queue-options'
import type { KindForecast } from './forecast/kind-forecast'
import type { TaskSubject } from './subject'

/** Queue options of one kind of task, documented in the schema of QueueSettings. */
export interface QueueOptions extends QueueSettings {
  /**
   * Prefix of one queue per host, for work that only a certain host can do. Kinds with the same prefix share queues.
   */
  hostQueue?: string
}

/** The contract of one kind of task. */
export interface TaskKind<Name extends string = string, Payload extends z.ZodType = z.ZodType> {
  /** Stored with every task; never changes once released. */
  name: Name
  payload: Payload
  /** Shown to users in their language, such as "Transcoding". */
  label(): string
  /** Canceling it leaves its siblings running. */
  isOptional?: boolean
  queue: QueueOptions
  /** A name beside that of its domain by which WORKER_QUEUES selects it. */
  group?: string
  /** Needs the storage that web processes and the other workers use. */
  usesStorage?: boolean
  /** The type of object that its tasks are about; unset for work without one. */
  subject?: TaskSubject
  /** Work of the app itself: in task lists only if selected by kind, and never published to pages or webhooks. */
  isInternal?: boolean
  /**
   * The kind whose tasks have parts of this kind: WORKER_QUEUES, QUEUE_OPTIONS and pauses that name it hold
   * for both.
   */
  partOf?: string
  /** For a result of a task that is done without doing what its label says: the label instead, else null. */
  skippedLabel?(result: unknown): string | null
  /** Unset: the remaining time is unknown, unless the handler reports it. */
  forecast?: KindForecast
}

/** The queue of a task: that of its kind, or that of the host that must execute it. */
export const queueNameOf = (kind: TaskKind, hostId?: string | null) =>
  kind.queue.hostQueue && hostId ? `${kind.queue.hostQueue}/${hostId}` : kind.name

export type PayloadOf<K extends TaskKind> = z.infer<K['payload']>

/**
 * Defines a kind. QUEUE_OPTIONS overrides the queue options of the kind, which override QUEUE_DEFAULTS; its entry for a
 * kind also holds for the parts.
 */
export function defineTaskKind<const Name extends string, Payload extends z.ZodType>(
  kind: Omit<TaskKind<Name, Payload>, 'queue'> & { queue?: Partial<QueueOptions> },
): TaskKind<Name, Payload> {
  const { [kind.name]: override, [kind.partOf ?? '']: overrideOfWhole } = config().QUEUE_OPTIONS
  return { ...kind, queue: { ...QUEUE_DEFAULTS, ...kind.queue, ...overrideOfWhole, ...override } }
}
