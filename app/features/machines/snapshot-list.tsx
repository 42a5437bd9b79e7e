'use client'

import { Camera, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import { Link } from '@/app/ui/link'
import { RelativeTime } from '@/app/ui/relative-time'
import { Section } from '@/app/ui/section'
import { formatMebibytes } from '@/lib/machines/sizes'
import type { SnapshotDto } from '@/lib/machines/snapshots'
import * as messages from '@/lib/generated/messages/machines'
import * as machinePageMessages from '@/lib/generated/messages/machine-page'
import * as commonMessages from '@/lib/generated/messages/common'

const stateLabels: Partial<Record<SnapshotDto['state'], () => string>> = {
  queued: machinePageMessages.waiting,
  in_progress: machinePageMessages.inProgress,
  failed: messages.stateFailed,
}

/** The disk snapshots of a user. */
export function SnapshotList({ initial }: { initial: SnapshotDto[] }) {
  const [snapshots, setSnapshots] = useState(initial)
  const [deleting, setDeleting] = useState<SnapshotDto | null>(null)
  if (snapshots.length === 0) return null
  const deleteSnapshot = ({ id }: SnapshotDto) =>
    void sendApiRequest({ url: `/api/v1/snapshots/${id}`, method: 'DELETE' }, () =>
      setSnapshots((previous) => previous.filter((snapshot) => snapshot.id !== id)),
    )
  return (
    <Section title={machinePageMessages.snapshots()}>
      <ul className="divide-y overflow-hidden rounded-xl border bg-card">
        {snapshots.map((snapshot) => (
          <li key={snapshot.id} className="flex flex-wrap items-center gap-3 px-3 py-2.5 sm:px-4">
            <Camera className="size-4 shrink-0 text-muted-foreground" aria-hidden />
            <div className="min-w-0 grow max-sm:basis-3/4">
              <p dir="auto" className="truncate">
                {snapshot.name}
              </p>
              <p className="text-sm text-muted-foreground">
                {stateLabels[snapshot.state]?.() ??
                  machinePageMessages.snapshotDisk({ size: formatMebibytes(snapshot.diskMiB) })}{' '}
                · <RelativeTime at={snapshot.createdAt} />
              </p>
            </div>
            {snapshot.state === 'done' && (
              <Button asChild size="sm">
                <Link
                  href={`/machines/new?image=${snapshot.image}`}
                  data-row={snapshot.id}
                  aria-label={machinePageMessages.createFrom({ name: snapshot.name })}
                >
                  {messages.create()}
                </Link>
              </Button>
            )}
            {(snapshot.state === 'done' || snapshot.state === 'failed') && (
              <Button
                size="sm"
                variant="ghost"
                data-row={snapshot.state === 'done' ? undefined : snapshot.id}
                aria-label={machinePageMessages.deleteSnapshotLabel({ name: snapshot.name })}
                onClick={() => setDeleting(snapshot)}
              >
                <Trash2 className="size-4" />
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        title={machinePageMessages.deleteSnapshotTitle()}
        description={machinePageMessages.deleteSnapshotHint({ name: deleting?.name ?? '' })}
        confirmLabel={commonMessages.delete()}
        isOpen={deleting !== null}
        onOpenChange={(isOpen) => !isOpen && setDeleting(null)}
        onConfirm={() => deleting && deleteSnapshot(deleting)}
      />
    </Section>
  )
}
