'use client'

import { useEffect, useRef } from 'react'
import { announce } from '@/app/ui/announcements'
import * as messages from '@/lib/generated/messages/announcements'
import type { UploadFile } from './upload-file'

/** Announces the start, the end and the failure of uploads, once each. Their progress is not announced. */
export function useUploadAnnouncements(files: readonly UploadFile[]) {
  const announced = useRef(new Map<string, UploadFile['state']>())
  useEffect(() => {
    const before = announced.current
    const changed = files.filter(({ id, state }) => before.get(id) !== state && state !== 'paused')
    announced.current = new Map(
      files.map(({ id, state }) => [id, state === 'paused' ? (before.get(id) ?? 'sending') : state]),
    )
    announce(...changed.map(describeState))
  }, [files])
}

function describeState({ name, state, problem = '' }: UploadFile) {
  if (state === 'done') return messages.uploadFinished({ name })
  if (state === 'failed' || state === 'refused') return messages.uploadFailed({ name, problem })
  return messages.uploadStarted({ name })
}
