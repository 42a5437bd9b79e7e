import { formatTimeLeft } from '../app/ui/format'
import type { Task } from '../client/operations'
import type { Output } from './output'
import { type ProgressBoard, toRowId } from './progress-board'

/** Shows a task, with a row for each rendition that is in progress. */
export function showTask(board: ProgressBoard, label: string, task: Task) {
  const renditions = task.detail?.renditions ?? []
  board.update({
    id: task.id,
    label,
    phase: describePhase(task),
    progress: task.progress,
    text: describeTime(task),
  })
  for (const { name, state, progress } of renditions) {
    const id = toRowId(task.id, name)
    if (state === 'in_progress') board.update({ id, label: `  ${label}`, phase: name, progress })
    else board.remove(id)
  }
}

function describePhase({ state, label, stage, position }: Task) {
  if (state !== 'queued') return stage ?? label
  return position === null ? 'waiting' : `waiting, ${position === 1 ? 'next' : `number ${position}`} in line`
}

const describeTime = ({ state, etaSeconds }: Task) =>
  state === 'in_progress' && etaSeconds !== null ? formatTimeLeft(etaSeconds) : undefined

/** Prints a task as an event with `--json`. */
export function printTaskEvent(output: Output, task: Task) {
  if (output.isJson) output.result({ type: 'task', task })
}

/** Why a task has ended without being done. */
export function describeFailure({ state, error }: Task) {
  if (state === 'canceled') return 'canceled'
  return [error?.message ?? 'It failed.', error?.advice].filter(Boolean).join(' ')
}
