import * as messages from '@/lib/generated/messages/task-states'
import type { TaskDto } from '@/lib/tasks/schema'

/** The label of each task state, used everywhere in the interface. */
export const taskStateLabels = {
  queued: messages.queued,
  in_progress: messages.inProgress,
  done: messages.done,
  failed: messages.failed,
  canceled: messages.canceled,
} as const satisfies Record<TaskDto['state'], () => string>

/** Each state with its label, for a choice. */
export const taskStateOptions = () =>
  (Object.keys(taskStateLabels) as TaskDto['state'][]).map(
    (state) => [state, taskStateLabels[state]()] as const,
  )

/** The label of a task’s state; of a skipped one, that; while it waits, with its queue position or that no worker takes it. */
export function taskStateLabel(
  task: Pick<TaskDto, 'state' | 'position'> & Partial<Pick<TaskDto, 'hasWorker' | 'isSkipped'>>,
) {
  if (task.isSkipped) return messages.skipped()
  if (task.state === 'queued' && task.hasWorker === false) return messages.noWorker()
  if (task.state !== 'queued' || !task.position) return taskStateLabels[task.state]()
  return messages.position({ position: task.position })
}

export const isUnfinished = ({ state }: Pick<TaskDto, 'state'>) =>
  state === 'queued' || state === 'in_progress'
