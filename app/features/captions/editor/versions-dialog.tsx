'use client'

import { useEffect, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import { RelativeTime } from '@/app/ui/relative-time'
import type { CaptionDto } from '@/lib/captions/schema'
import { type Revision, type Version, groupRevisions } from './versions'

interface Props {
  captionId: string
  revision: number
  /** There is something that is not stored yet. */
  isDirty: boolean
  onClose(): void
  onRestored(): void
}

/** What was changed when, and the way back. Going back is a version too, so nothing is lost by it. */
export function VersionsDialog({ captionId, revision, isDirty, onClose, onRestored }: Props) {
  const [versions, setVersions] = useState<Version[] | 'failed' | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    fetch(`/api/v1/captions/${captionId}/revisions`, { signal: stop.signal })
      .then((answer) => answer.json() as Promise<{ revisions: Revision[] }>)
      .then(
        ({ revisions }) => setVersions(groupRevisions(revisions)),
        () => stop.signal.aborted || setVersions('failed'),
      )
    return () => stop.abort()
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
      description="Saved by itself while you edit. Going back to one is a version too."
    >
      {versions === null && <p className="text-muted-foreground">Loading…</p>}
      {versions === 'failed' && (
        <p role="alert" className="text-destructive">
          The versions could not be loaded. Close this and try again.
        </p>
      )}
      {Array.isArray(versions) && versions.length === 0 && (
        <p className="text-muted-foreground">Nobody has changed these captions yet.</p>
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
                <span className="text-sm text-muted-foreground">Now</span>
              ) : (
                <Button size="sm" disabled={isDirty} onClick={() => void restore(number)}>
                  Go back to this
                </Button>
              )}
            </li>
          ))}
          <li className="flex min-h-11 items-center gap-3 px-3 py-1.5">
            <span className="grow">Before any change</span>
            <Button size="sm" disabled={isDirty} onClick={() => void restore(0)}>
              Go back to this
            </Button>
          </li>
        </ol>
      )}
    </Modal>
  )
}

const pluralize = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
