import { Ban, Check, CircleDashed, LoaderCircle, Minus, X } from 'lucide-react'
import type { TaskDto } from '@/lib/tasks/schema'
import { taskStateLabel } from './task-state'

const statusIcons = {
  queued: { Icon: CircleDashed, className: 'text-muted-foreground' },
  in_progress: { Icon: LoaderCircle, className: 'text-primary motion-safe:animate-spin' },
  done: { Icon: Check, className: 'text-primary' },
  failed: { Icon: X, className: 'text-destructive' },
  canceled: { Icon: Ban, className: 'text-muted-foreground' },
} as const satisfies Record<TaskDto['state'], unknown>

const skippedIcon = { Icon: Minus, className: 'text-muted-foreground' }

type Props = Pick<TaskDto, 'state'> & Partial<Pick<TaskDto, 'isSkipped'>>

export function TaskStatusIcon({ state, isSkipped }: Props) {
  const { Icon, className } = isSkipped ? skippedIcon : statusIcons[state]
  const label = taskStateLabel({ state, isSkipped, position: null })
  return <Icon role="img" aria-label={label} className={`size-4 shrink-0 ${className}`} />
}
