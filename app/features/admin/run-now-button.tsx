'use client'

import { Button } from '@/app/ui/button'
import { useAdminAction } from './use-admin-action'
import * as messages from '@/lib/generated/messages/admin-queues'

interface Props {
  name: string
  label: string
}

/** Runs a schedule now, in addition to its regular runs. */
export function RunNowButton({ name, label }: Props) {
  const { run, isPending } = useAdminAction()
  return (
    <Button
      size="sm"
      data-row={name}
      disabled={isPending}
      aria-label={messages.runNowLabel({ name: label })}
      onClick={() =>
        run({ path: 'schedules/run', body: { name }, successMessage: messages.runStarted({ name: label }) })
      }
    >
      {messages.runNow()}
    </Button>
  )
}
