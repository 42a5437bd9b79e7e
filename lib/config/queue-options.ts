import { z } from 'zod'

const count = z.number().int().positive()
const seconds = z.number().int().positive()

/** How the queue treats one kind of task, all of it in this one place. Every duration is in seconds. */
const queueOptionsSchema = z
  .object({
    concurrency: count.describe('Tasks of this kind that one worker does at once'),
    startsPerSecond: z
      .number()
      .positive()
      .nullable()
      .describe('Most starts per second of all workers together; null is as fast as they can'),
    priority: z
      .number()
      .int()
      .min(-1_000_000)
      .max(1_000_000)
      .describe('Head start in line, in rounds: 1 goes before one more task of everybody'),
    maxAttempts: count.describe('Attempts before the task fails for good; a hand-over does not count'),
    maxDeaths: count.describe('Workers that may die over one task before it is set aside'),
    retryDelaySeconds: seconds.describe('Wait before the first retry; it doubles with every further one'),
    retryDelayMaxSeconds: seconds.describe('Longest wait before a retry'),
    expireSeconds: seconds.describe('Longest time one attempt may take'),
    heartbeatSeconds: seconds.min(10).describe('Silence after which a worker counts as dead'),
    retentionSeconds: seconds.describe('How long work may wait before it is dropped'),
    deleteAfterSeconds: seconds.describe('How long an acknowledged job is kept'),
  })
  .strict()

export type QueueSettings = z.infer<typeof queueOptionsSchema>

const DAY_SECONDS = 24 * 60 * 60

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

/** What QUEUE_OPTIONS may hold: for each kind the options that are to be others than its own. */
export const queueOverridesSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' })
      return z.NEVER
    }
  })
  .pipe(z.record(z.string(), queueOptionsSchema.partial().strict()))
