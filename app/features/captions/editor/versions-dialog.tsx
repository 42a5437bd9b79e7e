'use client'

import { useEffect, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { fetchJson } from '@/app/ui/fetch-json'
import { Modal } from '@/app/ui/modal'
import { RelativeTime } from '@/app/ui/relative-time'
import type { CaptionDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/caption-editor'
import { type Revision, type Version, groupRevisions } from './versions'

interface Props {
  captionId: string
  revision: number
  /** There are unsaved changes. */
  isDirty: boolean
  onClose(): void
  onRestored(): void
}

/** The version history. Restoring a version adds a new one, so nothing is lost. */
export function VersionsDialog({ captionId, revision, isDirty, onClose, onRestored }: Props) {
  const [versions, setVersions] = useState<Version[] | 'failed' | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    void fetchJson<{ revisions: Revision[] }>(
      `/api/v1/captions/${captionId}/revisions`,
      controller.signal,
    ).then((body) => {
      if (!controller.signal.aborted) setVersions(body ? groupRevisions(body.revisions) : 'failed')
    })
    return () => controller.abort()
  }, [captionId, revision])
  async function restore(number: number) {
    const body = { baseRevision: revision, number }
    const request = { url: `/api/v1/captions/${captionId}/restore`, method: 'POST', body }
    if (await sendApiRequest<{ caption: CaptionDto }>(request, () => onRestored())) onClose()
  }
  return (
    <Modal isOpen onOpenChange={onClose} title={messages.versions()} description={messages.versionsHint()}>
      {versions === null && <p className="text-muted-foreground">{messages.loading()}</p>}
      {versions === 'failed' && (
        <p role="alert" className="text-destructive">
          {messages.versionsNotLoaded()}
        </p>
      )}
      {Array.isArray(versions) && versions.length === 0 && (
        <p className="text-muted-foreground">{messages.noChanges()}</p>
      )}
      {Array.isArray(versions) && versions.length > 0 && (
        <ol aria-label={messages.versions()} className="divide-y overflow-y-auto rounded-md border">
          {versions.map(({ number, createdAt, changes, changedCues }, n) => (
            <li key={number} className="flex min-h-11 items-center gap-3 px-3 py-1.5">
              <span className="min-w-0 grow">
                <RelativeTime at={createdAt} />
                <span className="block text-sm text-muted-foreground tabular-nums">
                  {messages.versionSummary({ changes, cues: changedCues })}
                </span>
              </span>
              {n === 0 ? (
                <span className="text-sm text-muted-foreground">{messages.currentVersion()}</span>
              ) : (
                <Button size="sm" disabled={isDirty} onClick={() => void restore(number)}>
                  {messages.restoreVersion()}
                </Button>
              )}
            </li>
          ))}
          <li className="flex min-h-11 items-center gap-3 px-3 py-1.5">
            <span className="grow">{messages.originalVersion()}</span>
            <Button size="sm" disabled={isDirty} onClick={() => void restore(0)}>
              {messages.restoreVersion()}
            </Button>
          </li>
        </ol>
      )}
    </Modal>
  )
}
