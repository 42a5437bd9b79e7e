import { useState } from 'react'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'

type Choice = { source: 'frame'; atSeconds: number } | { source: 'automatic' }

/** Sends a choice of the poster; `onSent` is called once a task creates it. A refused one is reported and can be repeated. */
export function usePosterChoice({ id }: Pick<VideoDto, 'id'>, onSent: () => void) {
  const store = useLiveStore()
  const [isSending, setSending] = useState(false)
  async function send(path: string, body: object) {
    setSending(true)
    await sendApiRequest<{ task: TaskDto }>(
      { url: `/api/v1/videos/${id}/${path}`, method: 'PUT', body },
      ({ task }) => {
        store.upsert({ tasks: [task] })
        onSent()
      },
    )
    setSending(false)
  }
  return {
    isSending,
    choose: (choice: Choice) => send('poster', choice),
    uploadPicture: (file: File) => send('poster/picture', file),
  }
}
