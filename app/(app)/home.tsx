'use client'

import { Link } from '@/app/components/link'
import { type ReactNode, useState } from 'react'
import { DropZone } from '@/app/components/drop-zone'
import { useListKeys } from '@/app/components/list-keys'
import { Section } from '@/app/components/section'
import { When } from '@/app/components/when'
import { useLive } from '@/app/live/live'
import { NotifyMe } from '@/app/live/notify-me'
import { OrderCard, type Readiness } from '@/app/machines/order-card'
import type { LiveRows } from '@/lib/realtime/contract'
import { type HomeRow, homeRows } from './home-rows'

const RECENT = 5

interface Given {
  seed: LiveRows
  since: string
  readiness: Readiness
}

/** Where work begins, what finished since the last visit, and what goes on. */
export function Home({ seed, since: firstSince, readiness }: Given) {
  // The server has counted this visit: a refresh would tell of the time since it began.
  const [since] = useState(firstSince)
  const rows = homeRows(useLive(seed))
  useListKeys()
  const open = rows.filter((row) => row.isOpen)
  const closed = rows.filter((row) => !row.isOpen)
  const finished = closed.filter((row) => row.finishedAt > since)
  const earlier = closed.filter((row) => !finished.includes(row)).slice(0, RECENT)
  const list = (these: HomeRow[]): ReactNode => (
    <ul className="divide-y overflow-hidden rounded-xl border bg-card">{these.map((row) => row.row)}</ul>
  )
  return (
    <div className="flex flex-col gap-8">
      <div className="grid gap-4 md:grid-cols-2">
        <DropZone />
        <OrderCard {...readiness} />
      </div>
      {finished.length > 0 && (
        <Section
          title="While you were away"
          aside={
            <span className="text-sm text-muted-foreground">
              since <When at={since} />
            </span>
          }
        >
          {list(finished)}
        </Section>
      )}
      {open.length > 0 && (
        <Section title="In progress" aside={<NotifyMe tasks={open.flatMap(({ task }) => task ?? [])} />}>
          {list(open)}
        </Section>
      )}
      {earlier.length > 0 && (
        <Section title="Earlier" aside={<AllOfThem />}>
          {list(earlier)}
        </Section>
      )}
      {rows.length === 0 && (
        <p className="text-center text-muted-foreground">
          Nothing yet. Your first video or machine appears here at once.
        </p>
      )}
    </div>
  )
}

function AllOfThem() {
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
