import type { z } from 'zod'
import { config } from '../config/config'
import { QUEUE_DEFAULTS, type QueueSettings } from '../config/queue-options'
import type { TaskSubject } from './subject'

/** How the queue treats one kind of task; see the schema for what each option means. */
export interface QueueOptions extends QueueSettings {
  /** Kinds of one lane share a queue on every host, for work that only that host can do. */
  hostQueue?: string
}

/** The contract of one kind of task: its name (never changed once released), payload, and queue. */
export interface TaskKind<Name extends string = string, Payload extends z.ZodType = z.ZodType> {
  name: Name
  payload: Payload
  /** What a person reads while it runs: "Transcoding". */
  label: string
  /** An extra: canceling it leaves alone what was started beside it. */
  isOptional?: boolean
  queue: QueueOptions
  /** What its tasks are about; none for work without a page of its own. */
  subject?: TaskSubject
  /** Work of the app itself: in no list of a person's tasks unless asked for by its kind, and not told live. */
  isInternal?: boolean
}

/** Where tasks of `kind` wait: in the kind's own queue, or in the lane of the host that has to do them. */
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
