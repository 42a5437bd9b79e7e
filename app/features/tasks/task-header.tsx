import type { ReactNode } from 'react'
import { BackLink } from '@/app/ui/back-link'
import type { TaskDto } from '@/lib/tasks/schema'
import { taskStateLabel } from './task-state'
import { TaskStatusIcon } from './task-status-icon'

interface Props {
  task: Pick<TaskDto, 'label' | 'state' | 'isSkipped' | 'position'>
  /** The page above this one. */
  back?: { href: string; name: string }
  /** What the task is about, if nothing above it says so. */
  title?: string
  /** Shown after the state. */
  note?: string
  /** Buttons at the end of the row. */
  children?: ReactNode
}

/** The label, state, and actions of a task. */
export const TaskHeader = ({ task, back, title, note, children }: Props) => (
  <div className="flex flex-wrap items-start justify-between gap-3">
    <div className="min-w-0">
      {back && <BackLink href={back.href}>{back.name}</BackLink>}
      <h1 dir="auto" className="text-xl font-semibold break-words">
        {title ? `${task.label} ${title}` : task.label}
      </h1>
      <p className="flex items-center gap-2 text-muted-foreground tabular-nums">
        <TaskStatusIcon state={task.state} isSkipped={task.isSkipped} />
        {taskStateLabel(task)}
        {note}
      </p>
    </div>
    {children}
  </div>
)
