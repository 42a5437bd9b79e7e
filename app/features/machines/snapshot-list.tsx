'use client'

import { Camera, Trash2 } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { useState } from 'react'
import { Dialog } from 'radix-ui'
import { Section } from '@/app/ui/section'
import { Button } from '@/app/ui/button'
import { RelativeTime } from '@/app/ui/relative-time'
import { formatMebibytes } from '@/lib/machines/sizes'
import type { SnapshotDto } from '@/lib/machines/snapshots'
import { sendApiRequest } from '@/app/ui/api-request'

/** Disks that were kept: new machines are made of them. */
export function SnapshotList({ initial }: { initial: SnapshotDto[] }) {
  const [snapshots, setSnapshots] = useState(initial)
  const [asked, setAsked] = useState<SnapshotDto | null>(null)
  if (snapshots.length === 0) return null
  async function remove({ id }: SnapshotDto) {
    setAsked(null)
    await sendApiRequest({ url: `/api/v1/snapshots/${id}`, method: 'DELETE' }, () =>
      setSnapshots((now) => now.filter((one) => one.id !== id)),
    )
  }
  return (
    <Section title="Snapshots">
      <ul className="divide-y overflow-hidden rounded-xl border bg-card">
        {snapshots.map((snapshot) => (
          <li key={snapshot.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5 sm:px-4">
            <Camera className="size-4 shrink-0 text-muted-foreground" aria-hidden />
            <div className="min-w-0 grow">
              <p className="truncate">{snapshot.name}</p>
              <p className="text-sm text-muted-foreground">
                {STATE_LABELS[snapshot.state] ?? `${formatMebibytes(snapshot.diskMiB)} disk`} ·{' '}
                <RelativeTime at={snapshot.createdAt} />
              </p>
            </div>
            {snapshot.state === 'done' && (
              <Button asChild size="sm">
                <Link
                  href={`/machines/new?image=${snapshot.image}`}
                  aria-label={`Order from ${snapshot.name}`}
                >
                  Order from it
                </Link>
              </Button>
            )}
            {(snapshot.state === 'done' || snapshot.state === 'failed') && (
              <Button
                size="sm"
                variant="ghost"
                aria-label={`Delete ${snapshot.name}`}
                onClick={() => setAsked(snapshot)}
              >
                <Trash2 className="size-4" />
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Dialog.Root open={asked !== null} onOpenChange={(isOpen) => !isOpen && setAsked(null)}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
          <Dialog.Content className="fixed top-[20vh] left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 rounded-xl border bg-card p-6 shadow-2xl">
            <Dialog.Title className="text-xl font-semibold">Delete this snapshot?</Dialog.Title>
            <Dialog.Description className="mt-1 text-muted-foreground">
              {asked?.name}: no machine can be made of it any more, and nothing can bring it back. Machines
              that were made of it stay.
            </Dialog.Description>
            <div className="mt-4 flex justify-end gap-2">
              <Dialog.Close asChild>
                <Button>Keep it</Button>
              </Dialog.Close>
              <Button variant="destructive" onClick={() => asked && void remove(asked)}>
                Delete
              </Button>
            </div>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </Section>
  )
}

const STATE_LABELS: Partial<Record<SnapshotDto['state'], string>> = {
  queued: 'Waiting to be taken',
  in_progress: 'Being taken',
  failed: 'It could not be taken',
}
