import * as commonMessages from '@/lib/generated/messages/common'
import type { ApiRequest } from '@/app/ui/api-request'
import type { TaskDto } from '@/lib/tasks/schema'

/** The action that the state of a task allows, with its request; null if there is none. */
export function taskAction({ id, state, maxAttempts }: Pick<TaskDto, 'id' | 'state' | 'maxAttempts'>) {
  if (state === 'queued' || state === 'in_progress')
    return {
      action: 'cancel' as const,
      label: commonMessages.cancel(),
      request: { url: `/api/v1/tasks/${id}/cancel`, method: 'POST' } satisfies ApiRequest,
    }
  // One without attempts was never executed, as of a refused file, or cannot be again.
  if ((state === 'failed' || state === 'canceled') && maxAttempts > 0)
    return {
      action: 'retry' as const,
      label: commonMessages.retry(),
      request: { url: `/api/v1/tasks/${id}/retry`, method: 'POST' } satisfies ApiRequest,
    }
  return null
}
