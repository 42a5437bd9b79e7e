import type { TaskDto } from '@/lib/tasks/contract'

/** 754 → "12:34", 3661 → "1:01:01". */
export function clockText(seconds: number) {
  const whole = Math.round(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] ? parts : parts.slice(1)
  return shown.map((part, n) => (n === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** "4 s left", "2 min left", "1 h 5 min left". */
export function timeLeftText(seconds: number) {
  if (seconds < 1) return 'less than 1 s left'
  if (seconds < 60) return `${Math.round(seconds)} s left`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const endings: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' }

/** The one wording of a task's state. */
export function stateText(task: Pick<TaskDto, 'state' | 'position'>) {
  if (task.state === 'queued') {
    if (!task.position) return 'Waiting'
    return task.position === 1
      ? 'Waiting, next in line'
      : `Waiting, ${task.position}${endings[ordinals.select(task.position)]} in line`
  }
  return { in_progress: 'In progress', done: 'Done', failed: 'Failed', canceled: 'Canceled' }[task.state]
}
