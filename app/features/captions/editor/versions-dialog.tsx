'use client'

import { useEffect, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { fetchJson } from '@/app/ui/fetch-json'
import { Modal } from '@/app/ui/modal'
import { RelativeTime } from '@/app/ui/relative-time'
import type { CaptionDto } from '@/lib/captions/schema'
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
    <Modal
      isOpen
      onOpenChange={onClose}
      title="Versions"
      description="Saved automatically while you edit. Restoring a version adds a new one."
    >
      {versions === null && <p className="text-muted-foreground">Loading…</p>}
      {versions === 'failed' && (
        <p role="alert" className="text-destructive">
          Couldn’t load the versions. Close this dialog and try again.
        </p>
      )}
      {Array.isArray(versions) && versions.length === 0 && (
        <p className="text-muted-foreground">No changes yet.</p>
      )}
      {Array.isArray(versions) && versions.length > 0 && (
        <ol aria-label="Versions" className="divide-y overflow-y-auto rounded-md border">
          {versions.map(({ number, createdAt, changes, changedCues }, n) => (
            <li key={number} className="flex min-h-11 items-center gap-3 px-3 py-1.5">
              <span className="min-w-0 grow">
                <RelativeTime at={createdAt} />
                <span className="block text-sm text-muted-foreground tabular-nums">
                  {pluralize(changes, 'change')} · {pluralize(changedCues, 'cue')}
                </span>
              </span>
              {n === 0 ? (
                <span className="text-sm text-muted-foreground">Current</span>
              ) : (
                <Button size="sm" disabled={isDirty} onClick={() => void restore(number)}>
                  Restore this version
                </Button>
              )}
            </li>
          ))}
          <li className="flex min-h-11 items-center gap-3 px-3 py-1.5">
            <span className="grow">Original</span>
            <Button size="sm" disabled={isDirty} onClick={() => void restore(0)}>
              Restore this version
            </Button>
          </li>
        </ol>
      )}
    </Modal>
  )
}

const pluralize = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
