import type { TaskState } from '../generated/prisma/enums'

export type { TaskState }

/**
 * The only moves a task may make. `in_progress → queued` is a hand-over, a retry after an error, or
 * a wait; `failed → queued` and `canceled → queued` are a person's "try again".
 */
const MOVES: Record<TaskState, readonly TaskState[]> = {
  queued: ['in_progress', 'failed', 'canceled'],
  in_progress: ['in_progress', 'queued', 'done', 'failed', 'canceled'],
  done: [],
  failed: ['queued'],
  canceled: ['queued'],
}

export const canMove = (from: TaskState, to: TaskState) => MOVES[from].includes(to)

/** The states from which `to` may be reached: the guard of every conditional update. */
export function statesBefore(to: TaskState): TaskState[] {
  return (Object.keys(MOVES) as TaskState[]).filter((from) => canMove(from, to))
}

export const isFinished = (state: TaskState) => state === 'done' || state === 'failed' || state === 'canceled'
