import { z } from 'zod'
import { DAY_SECONDS } from '../durations'

const count = z.number().int().positive()
const seconds = z.number().int().positive()

/** Queue options of one kind of task. Durations are in seconds. */
const queueOptionsSchema = z
  .object({
    concurrency: count.describe('Tasks of this kind that one worker runs at once'),
    startsPerSecond: z
      .number()
      .positive()
      .nullable()
      .describe('Maximum starts per second of all workers together; null is unlimited'),
    priority: z
      .number()
      .int()
      .min(-1_000_000)
      .max(1_000_000)
      .describe('Head start in the queue, in rounds: 1 overtakes one task of every other user'),
    maxAttempts: count.describe(
      'Attempts before the task fails; an attempt ended by a shutdown does not count',
    ),
    maxDeaths: count.describe('Worker deaths after which the task fails'),
    retryDelaySeconds: seconds.describe('Delay before the first retry; it doubles with every further one'),
    retryDelayMaxSeconds: seconds.describe('Maximum delay before a retry'),
    expireSeconds: seconds.describe('Time limit of one attempt'),
    heartbeatSeconds: seconds
      .min(10)
      .describe('Time without a heartbeat after which a worker counts as dead'),
    retentionSeconds: seconds.describe('How long a job may wait before it is dropped'),
    deleteAfterSeconds: seconds.describe('How long an acknowledged job is retained'),
  })
  .strict()

export type QueueSettings = z.infer<typeof queueOptionsSchema>

export const QUEUE_DEFAULTS: QueueSettings = {
  concurrency: 1,
  startsPerSecond: null,
  priority: 0,
  maxAttempts: 3,
  maxDeaths: 3,
  retryDelaySeconds: 5,
  retryDelayMaxSeconds: 300,
  expireSeconds: 12 * 60 * 60,
  heartbeatSeconds: 10,
  retentionSeconds: 14 * DAY_SECONDS,
  deleteAfterSeconds: DAY_SECONDS,
}

/** The value of QUEUE_OPTIONS: by kind, the options to override. */
export const queueOverridesSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'is not valid JSON' })
      return z.NEVER
    }
  })
  .pipe(z.record(z.string(), queueOptionsSchema.partial().strict()))
