'use client'

import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import type { TaskDto } from '@/lib/tasks/schema'
import { taskAction } from './task-requests'

interface Props {
  task: TaskDto
  /** What the task is about, for screen readers. */
  name: string
}

/** Cancels an unfinished task, or retries a failed or canceled one. */
export function TaskActions({ task, name }: Props) {
  const store = useLiveStore()
  const action = taskAction(task)
  if (!action) return null
  const { label, request } = action
  const send = () => void sendApiRequest<TaskDto>(request, (updated) => store.upsert({ tasks: [updated] }))
  return (
    <Button
      size="sm"
      variant={label === 'Cancel' ? 'ghost' : undefined}
      aria-label={`${label} ${name}`}
      onClick={send}
    >
      {label}
    </Button>
  )
}
