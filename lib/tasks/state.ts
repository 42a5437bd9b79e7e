import type { TaskState } from '../generated/prisma/enums'
import { defineTransitions } from '../state-machine'

export type { TaskState }

export type EndState = Extract<TaskState, 'done' | 'failed' | 'canceled'>

/** The only transitions of a task, drawn in docs/architecture.md. `transitionTask` enforces them. */
export const {
  transitions: taskTransitions,
  canTransition,
  statesBefore,
} = defineTransitions<TaskState>({
  queued: ['queued', 'in_progress', 'failed', 'canceled'],
  in_progress: ['in_progress', 'queued', 'done', 'failed', 'canceled'],
  done: [],
  failed: ['queued'],
  canceled: ['queued'],
})

export const isFinished = (state: TaskState): state is EndState =>
  state === 'done' || state === 'failed' || state === 'canceled'
