'use client'

import { Button } from '@/app/ui/button'
import { useAdminAction } from './use-admin-action'

export function RunNowButton({ name, label }: { name: string; label: string }) {
  const { act, isPending } = useAdminAction()
  return (
    <Button
      size="sm"
      disabled={isPending}
      aria-label={`Run now: ${label}`}
      onClick={() => act('schedules/run', { name }, `Started: ${label}`)}
    >
      Run now
    </Button>
  )
}
