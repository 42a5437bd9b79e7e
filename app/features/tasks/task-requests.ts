import type { ApiRequest } from '@/app/ui/api-request'
import type { TaskDto } from '@/lib/tasks/schema'

/** The action that the state of a task allows, with its request; null if there is none. */
export function taskAction({ id, state, maxAttempts }: Pick<TaskDto, 'id' | 'state' | 'maxAttempts'>) {
  if (state === 'queued' || state === 'in_progress')
    return {
      label: 'Cancel',
      request: { url: `/api/v1/tasks/${id}/cancel`, method: 'POST' } satisfies ApiRequest,
    }
  // One without attempts was never executed, as of a refused file.
  if ((state === 'failed' || state === 'canceled') && maxAttempts > 0)
    return {
      label: 'Retry',
      request: { url: `/api/v1/tasks/${id}/retry`, method: 'POST' } satisfies ApiRequest,
    }
  return null
}
