'use client'

import { toast } from 'sonner'
import { useLiveStore } from '@/app/live/live-provider'
import type { TaskDto } from '@/lib/tasks/schema'
import { Button } from '@/app/ui/button'

/** Cancel while it goes on, try again when it did not get done. */
export function TaskActions({ task, name }: { task: TaskDto; name: string }) {
  const store = useLiveStore()
  async function post(action: 'cancel' | 'retry') {
    const answer = await fetch(`/api/v1/tasks/${task.id}/${action}`, { method: 'POST' }).catch(() => null)
    if (answer?.ok) return store.add({ tasks: [(await answer.json()) as TaskDto] })
    const problem = (await answer?.json().catch(() => null)) as { title?: string } | null
    toast.error(problem?.title ?? 'The server did not answer. Try again.')
  }
  if (task.state === 'queued' || task.state === 'in_progress')
    return (
      <Button size="sm" variant="ghost" aria-label={`Cancel ${name}`} onClick={() => void post('cancel')}>
        Cancel
      </Button>
    )
  if (task.state === 'failed' || task.state === 'canceled')
    return (
      <Button size="sm" aria-label={`Try ${name} again`} onClick={() => void post('retry')}>
        Try again
      </Button>
    )
  return null
}
