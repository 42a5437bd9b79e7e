import type { TaskDto } from '@/lib/tasks/schema'

const ordinalRules = new Intl.PluralRules('en', { type: 'ordinal' })
const ordinalSuffixes: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' }

/** The label of each task state, used everywhere in the interface. */
export const taskStateLabels = {
  queued: 'Waiting',
  in_progress: 'In progress',
  done: 'Done',
  failed: 'Failed',
  canceled: 'Canceled',
} as const satisfies Record<TaskDto['state'], string>

/** The label of a task’s state; of a skipped one, that; while it waits, with its queue position or that no worker takes it. */
export function taskStateLabel(
  task: Pick<TaskDto, 'state' | 'position'> & Partial<Pick<TaskDto, 'hasWorker' | 'isSkipped'>>,
) {
  if (task.isSkipped) return 'Skipped'
  if (task.state === 'queued' && task.hasWorker === false) return 'Waiting (no worker)'
  if (task.state !== 'queued' || !task.position) return taskStateLabels[task.state]
  return task.position === 1
    ? 'Waiting (next in line)'
    : `Waiting (${task.position}${ordinalSuffixes[ordinalRules.select(task.position)]} in line)`
}

export const isUnfinished = ({ state }: Pick<TaskDto, 'state'>) =>
  state === 'queued' || state === 'in_progress'
