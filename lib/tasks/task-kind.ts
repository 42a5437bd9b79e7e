import type { z } from 'zod'
import { config } from '../config/config'
import { QUEUE_DEFAULTS, type QueueSettings } from '../config/queue-options'
import type { TaskSubject } from './subject'

/** How the queue treats one kind of task; see the schema for what each option means. */
export interface QueueOptions extends QueueSettings {
  /** Prefix of a queue per host, for work that only that host can do. Kinds with the same one share its queues. */
  hostQueue?: string
}

/** The contract of one kind of task: its name (never changed once released), payload, and queue. */
export interface TaskKind<Name extends string = string, Payload extends z.ZodType = z.ZodType> {
  name: Name
  payload: Payload
  /** What users read while it runs, such as "Transcoding". */
  label: string
  /** Canceling it leaves its siblings running. */
  isOptional?: boolean
  queue: QueueOptions
  /** What its tasks are about; none for work without a page of its own. */
  subject?: TaskSubject
  /** Work of the app itself: hidden from users' task lists unless requested by kind, and not published live. */
  isInternal?: boolean
}

/** The queue of a task: that of its kind, or that of the host that must run it. */
export const queueNameOf = (kind: TaskKind, hostId?: string | null) =>
  kind.queue.hostQueue && hostId ? `${kind.queue.hostQueue}/${hostId}` : kind.name

export type PayloadOf<K extends TaskKind> = z.infer<K['payload']>

/** Defines a kind. Queue options come from QUEUE_OPTIONS, else from the kind, else from QUEUE_DEFAULTS. */
export function defineTaskKind<const Name extends string, Payload extends z.ZodType>(
  kind: Omit<TaskKind<Name, Payload>, 'queue'> & { queue?: Partial<QueueOptions> },
): TaskKind<Name, Payload> {
  const { [kind.name]: override } = config().QUEUE_OPTIONS
  return { ...kind, queue: { ...QUEUE_DEFAULTS, ...kind.queue, ...override } }
}
