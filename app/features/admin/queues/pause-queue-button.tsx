'use client'

import { Pause, Play } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { useAdminAction } from '../use-admin-action'
import * as messages from '@/lib/generated/messages/admin-queues'

interface Props {
  queue: string
  title: string
  isPaused: boolean
}

/** Pauses or resumes a queue. Running tasks continue either way. */
export function PauseQueueButton({ queue, title, isPaused }: Props) {
  const { run, isPending } = useAdminAction()
  const [verb, Icon] = isPaused ? (['resume', Play] as const) : (['pause', Pause] as const)
  return (
    <Button
      size="sm"
      data-row={queue}
      disabled={isPending}
      aria-label={isPaused ? messages.resumeLabel({ queue: title }) : messages.pauseLabel({ queue: title })}
      onClick={() => run({ path: `queues/${verb}`, body: { queue } })}
    >
      <Icon className="size-3.5" aria-hidden />
      {isPaused ? messages.resume() : messages.pause()}
    </Button>
  )
}
