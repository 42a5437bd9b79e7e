import { Ban, Check, CircleDashed, LoaderCircle, X } from 'lucide-react'
import type { TaskDto } from '@/lib/tasks/contract'
import { stateNames } from './words'

const marks = {
  queued: { Icon: CircleDashed, look: 'text-muted-foreground' },
  in_progress: { Icon: LoaderCircle, look: 'text-primary motion-safe:animate-spin' },
  done: { Icon: Check, look: 'text-primary' },
  failed: { Icon: X, look: 'text-destructive' },
  canceled: { Icon: Ban, look: 'text-muted-foreground' },
} as const satisfies Record<TaskDto['state'], unknown>

/** The state of a task as a sign. */
export function TaskMark({ state }: { state: TaskDto['state'] }) {
  const { Icon, look } = marks[state]
  return <Icon role="img" aria-label={stateNames[state]} className={`size-4 shrink-0 ${look}`} />
}
