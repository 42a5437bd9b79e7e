import { Ban, Check, CircleDashed, LoaderCircle, X } from 'lucide-react'
import type { TaskDto } from '@/lib/tasks/schema'
import { taskStateLabels } from './task-state'

const statusIcons = {
  queued: { Icon: CircleDashed, className: 'text-muted-foreground' },
  in_progress: { Icon: LoaderCircle, className: 'text-primary motion-safe:animate-spin' },
  done: { Icon: Check, className: 'text-primary' },
  failed: { Icon: X, className: 'text-destructive' },
  canceled: { Icon: Ban, className: 'text-muted-foreground' },
} as const satisfies Record<TaskDto['state'], unknown>

export function TaskStatusIcon({ state }: { state: TaskDto['state'] }) {
  const { Icon, className } = statusIcons[state]
  return <Icon role="img" aria-label={taskStateLabels[state]} className={`size-4 shrink-0 ${className}`} />
}
