'use client'

import { Link } from '@/app/ui/link'
import { type ReactNode, useState } from 'react'
import { DropZone } from '@/app/features/uploads/drop-zone'
import { useListNavigation } from '@/app/ui/use-list-navigation'
import { Section } from '@/app/ui/section'
import { RelativeTime } from '@/app/ui/relative-time'
import { useLive } from '@/app/live/live-provider'
import { NotifyMeButton } from '@/app/features/tasks/notify-me-button'
import { CreateMachineCard, type CreateMachineCardProps } from '@/app/features/machines/create-machine-card'
import type { LiveRows } from '@/lib/realtime/schema'
import { byStart, type HomeRow, homeRows } from './home-rows'

const MAX_EARLIER_ROWS = 5

interface Props {
  seed: LiveRows
  since: string
  createMachineCard: CreateMachineCardProps
}

/** The start cards, what finished since the last visit, and what is in progress. */
export function Home({ seed, since: initialSince, createMachineCard }: Props) {
  // The server has recorded this visit, so a refresh would return its own start.
  const [since] = useState(initialSince)
  const rows = homeRows(useLive(seed))
  useListNavigation()
  const active = rows.filter((row) => row.isActive).toSorted(byStart)
  const settled = rows.filter((row) => !row.isActive)
  const finished = settled.filter((row) => row.finishedAt > since)
  const earlier = settled.filter((row) => !finished.includes(row)).slice(0, MAX_EARLIER_ROWS)
  const list = (shown: HomeRow[]): ReactNode => (
    <ul className="divide-y overflow-hidden rounded-xl border bg-card">{shown.map((row) => row.row)}</ul>
  )
  return (
    <div className="flex flex-col gap-8">
      <div className="grid gap-4 md:grid-cols-2">
        <DropZone />
        <CreateMachineCard {...createMachineCard} />
      </div>
      {finished.length > 0 && (
        <Section
          title="While you were away"
          aside={
            <span className="text-sm text-muted-foreground">
              Since <RelativeTime at={since} />
            </span>
          }
        >
          {list(finished)}
        </Section>
      )}
      {active.length > 0 && (
        <Section
          title="In progress"
          aside={<NotifyMeButton tasks={active.flatMap(({ task }) => task ?? [])} />}
        >
          {list(active)}
        </Section>
      )}
      {earlier.length > 0 && (
        <Section title="Earlier" aside={<ViewAllLinks />}>
          {list(earlier)}
        </Section>
      )}
      {rows.length === 0 && (
        <p className="text-center text-muted-foreground">
          Nothing here yet. Upload a video or create a machine to get started.
        </p>
      )}
    </div>
  )
}

function ViewAllLinks() {
  return (
    <span className="flex gap-4 text-sm text-muted-foreground">
      <Link href="/videos" className="hover:text-foreground hover:underline">
        All videos
      </Link>
      <Link href="/machines" className="hover:text-foreground hover:underline">
        All machines
      </Link>
    </span>
  )
}
