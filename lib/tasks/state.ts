import type { TaskState } from '../generated/prisma/enums'
import { defineTransitions } from '../state-machine'

export type { TaskState }

/**
 * The only moves a task may make. `in_progress → queued` is a hand-over, a retry after an error, or
 * a wait; `failed → queued` and `canceled → queued` are a person's "try again".
 */
export const { canMove: canTransition, statesBefore } = defineTransitions<TaskState>({
  queued: ['in_progress', 'failed', 'canceled'],
  in_progress: ['in_progress', 'queued', 'done', 'failed', 'canceled'],
  done: [],
  failed: ['queued'],
  canceled: ['queued'],
})

export const isFinished = (state: TaskState) => state === 'done' || state === 'failed' || state === 'canceled'
