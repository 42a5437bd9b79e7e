import { Ban, Check, CircleDashed, LoaderCircle, X } from 'lucide-react'
import type { TaskDto } from '@/lib/tasks/schema'
import { taskStateLabels } from './task-state'

const statusIcons = {
  queued: { Icon: CircleDashed, look: 'text-muted-foreground' },
  in_progress: { Icon: LoaderCircle, look: 'text-primary motion-safe:animate-spin' },
  done: { Icon: Check, look: 'text-primary' },
  failed: { Icon: X, look: 'text-destructive' },
  canceled: { Icon: Ban, look: 'text-muted-foreground' },
} as const satisfies Record<TaskDto['state'], unknown>

/** The state of a task as a sign. */
export function TaskStatusIcon({ state }: { state: TaskDto['state'] }) {
  const { Icon, look } = statusIcons[state]
  return <Icon role="img" aria-label={taskStateLabels[state]} className={`size-4 shrink-0 ${look}`} />
}
