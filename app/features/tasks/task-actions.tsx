'use client'

import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import type { TaskDto } from '@/lib/tasks/schema'

interface Props {
  task: TaskDto
  /** What the task is about, for screen readers. */
  name: string
}

/** Cancels an unfinished task, or retries a failed or canceled one. */
export function TaskActions({ task, name }: Props) {
  const store = useLiveStore()
  const send = (action: 'cancel' | 'retry') =>
    void sendApiRequest<TaskDto>({ url: `/api/v1/tasks/${task.id}/${action}`, method: 'POST' }, (updated) =>
      store.upsert({ tasks: [updated] }),
    )
  if (task.state === 'queued' || task.state === 'in_progress')
    return (
      <Button size="sm" variant="ghost" aria-label={`Cancel ${name}`} onClick={() => send('cancel')}>
        Cancel
      </Button>
    )
  // One without attempts was never executed, as of a refused file.
  if ((task.state === 'failed' || task.state === 'canceled') && task.maxAttempts > 0)
    return (
      <Button size="sm" aria-label={`Retry ${name}`} onClick={() => send('retry')}>
        Retry
      </Button>
    )
  return null
}
