'use client'

import * as messages from '@/lib/generated/messages/home'
import { useState } from 'react'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'

/** Shows a user without a file at hand what happens to a video. */
export function SampleButton() {
  const store = useLiveStore()
  const [isSending, setSending] = useState(false)
  async function create() {
    setSending(true)
    await sendApiRequest<{ video: VideoDto; task: TaskDto }>(
      { url: '/api/v1/imports/sample', method: 'POST' },
      ({ video, task }) => store.upsert({ videos: [video], tasks: [task] }),
    )
    setSending(false)
  }
  return (
    <Button disabled={isSending} onClick={() => void create()}>
      {messages.trySample()}
    </Button>
  )
}
