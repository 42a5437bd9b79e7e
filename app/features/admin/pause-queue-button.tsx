'use client'

import { Pause, Play } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { useAdminAction } from './use-admin-action'

/** Holds a queue, or lets it go on. What is in hand goes on either way. */
export function PauseQueueButton({
  queue,
  title,
  isPaused,
}: {
  queue: string
  title: string
  isPaused: boolean
}) {
  const { act, isPending } = useAdminAction()
  const [verb, Icon] = isPaused ? (['Resume', Play] as const) : (['Pause', Pause] as const)
  return (
    <Button
      size="sm"
      disabled={isPending}
      aria-label={`${verb} ${title}`}
      onClick={() => act(`queues/${verb.toLowerCase()}`, { queue })}
    >
      <Icon className="size-3.5" aria-hidden />
      {verb}
    </Button>
  )
}
