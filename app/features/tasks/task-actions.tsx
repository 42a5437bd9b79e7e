'use client'

import * as messages from '@/lib/generated/messages/tasks'
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
  const allowed = taskAction(task)
  if (!allowed) return null
  const { action, label, request } = allowed
  const send = () => void sendApiRequest<TaskDto>(request, (updated) => store.upsert({ tasks: [updated] }))
  return (
    <Button
      size="sm"
      variant={action === 'cancel' ? 'ghost' : undefined}
      aria-label={messages.actionOn({ action, name })}
      onClick={send}
    >
      {label}
    </Button>
  )
}
