'use client'

import { Button } from '@/app/ui/button'
import { useAdminAction } from './use-admin-action'

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
      disabled={isPending}
      aria-label={`Run now: ${label}`}
      onClick={() => run({ path: 'schedules/run', body: { name }, successMessage: `Started: ${label}` })}
    >
      Run now
    </Button>
  )
}
