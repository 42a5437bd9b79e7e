'use client'

import { Pause, Play } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { useAdminAction } from '../use-admin-action'

interface Props {
  queue: string
  title: string
  isPaused: boolean
}

/** Pauses or resumes a queue. Running tasks continue either way. */
export function PauseQueueButton({ queue, title, isPaused }: Props) {
  const { run, isPending } = useAdminAction()
  const [verb, Icon] = isPaused ? (['Resume', Play] as const) : (['Pause', Pause] as const)
  return (
    <Button
      size="sm"
      disabled={isPending}
      aria-label={`${verb} ${title}`}
      onClick={() => run({ path: `queues/${verb.toLowerCase()}`, body: { queue } })}
    >
      <Icon className="size-3.5" aria-hidden />
      {verb}
    </Button>
  )
}
