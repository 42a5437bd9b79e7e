'use client'

import { useState } from 'react'
import { useLiveStore } from '@/app/live/live-provider'
import { type ApiRequest, sendApiRequest } from '@/app/ui/api-request'
import { toast } from '@/app/ui/toast'
import { useIdempotencyKey } from '@/app/ui/use-idempotency-key'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/imports'

interface ImportInput {
  url: string
  s3?: Record<string, string>
}

export const importRequest = (body: ImportInput) =>
  ({ url: '/api/v1/imports', method: 'POST', body }) satisfies ApiRequest

/**
 * Requests imports. One that got no response is repeated with the same idempotency key, so that a link is never imported
 * twice by accident.
 */
export function useImport() {
  const store = useLiveStore()
  const [isSending, setSending] = useState(false)
  const idempotency = useIdempotencyKey()
  /** @returns whether it was accepted */
  async function importLink(input: ImportInput) {
    setSending(true)
    const headers = { 'idempotency-key': idempotency.keyOf(input) }
    const isAccepted = await sendApiRequest<{ video: VideoDto; task: TaskDto }>(
      { ...importRequest(input), headers },
      ({ video, task }) => {
        idempotency.renew()
        store.upsert({ videos: [video], tasks: [task] })
        toast.success(messages.importing({ title: video.title }))
      },
    )
    setSending(false)
    return isAccepted
  }
  return { importLink, isSending }
}
