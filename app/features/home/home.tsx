'use client'

import * as messages from '@/lib/generated/messages/home'
import { Link } from '@/app/ui/link'
import type { ReactNode } from 'react'
import { DropZone } from '@/app/features/uploads/drop-zone'
import { useUploads } from '@/app/features/uploads/upload-provider'
import { Section } from '@/app/ui/section'
import { RelativeTime } from '@/app/ui/relative-time'
import { useLive } from '@/app/live/live-provider'
import { NotifyMeButton } from '@/app/features/tasks/notify-me-button'
import { CreateMachineCard, type CreateMachineCardProps } from '@/app/features/machines/create-machine-card'
import type { LiveRows, VisitDto } from '@/lib/realtime/schema'
import type { OnboardingStep } from '@/lib/onboarding/schema'
import { byStart, type HomeRow, homeRows } from './home-rows'
import { Onboarding } from './onboarding'
import { SampleButton } from './sample-button'

const MAX_EARLIER_ROWS = 5

interface Props {
  seed: Omit<LiveRows, 'notifications' | 'playlists'>
  visit: VisitDto
  createMachineCard: CreateMachineCardProps
  /** First steps of an administrator; null for others. */
  onboarding: OnboardingStep[] | null
}

/** The start cards, what finished while the user was away and since then, and what is in progress. */
export function Home({ seed, visit: initialVisit, createMachineCard, onboarding }: Props) {
  const live = useLive(seed)
  const { isUploading } = useUploads()
  const { startedAt, awaySince } = live.visit ?? initialVisit
  const rows = homeRows(live)
  const active = rows.filter((row) => row.isActive).toSorted(byStart)
  const settled = rows.filter((row) => !row.isActive)
  const fresh = settled.filter((row) => row.finishedAt > startedAt)
  const [start, end] = [awaySince ?? startedAt, startedAt]
  const duringAbsence = settled.filter((row) => row.finishedAt > start && row.finishedAt <= end)
  const earlier = settled.filter((row) => row.finishedAt <= start).slice(0, MAX_EARLIER_ROWS)
  const isCompact = rows.length > 0
  const list = (shown: HomeRow[]): ReactNode => (
    <ul className="divide-y overflow-hidden rounded-xl border bg-card">{shown.map((row) => row.row)}</ul>
  )
  return (
    <div className="flex flex-col gap-8">
      <div className={`grid md:grid-cols-2 ${isCompact ? 'gap-2 sm:gap-4' : 'gap-4'}`}>
        <DropZone isCompact={isCompact} />
        <CreateMachineCard {...createMachineCard} isCompact={isCompact} />
      </div>
      {onboarding && <Onboarding steps={onboarding} />}
      {awaySince && duringAbsence.length > 0 && (
        <Section
          title={messages.whileAway()}
          aside={
            <span className="text-sm text-muted-foreground">
              {messages.since({ time: () => <RelativeTime at={awaySince} /> })}
            </span>
          }
        >
          {list(duringAbsence)}
        </Section>
      )}
      {active.length > 0 && (
        <Section
          title={messages.inProgress()}
          aside={<NotifyMeButton tasks={active.flatMap(({ task }) => task ?? [])} />}
        >
          {list(active)}
        </Section>
      )}
      {fresh.length > 0 && <Section title={messages.recent()}>{list(fresh)}</Section>}
      {earlier.length > 0 && (
        <Section title={messages.earlier()} aside={<ViewAllLinks />}>
          {list(earlier)}
        </Section>
      )}
      {rows.length === 0 && !isUploading && (
        <div className="flex flex-col items-center gap-3">
          <p className="text-center text-muted-foreground">{messages.empty()}</p>
          <SampleButton />
        </div>
      )}
    </div>
  )
}

function ViewAllLinks() {
  return (
    <span className="flex gap-4 text-sm text-muted-foreground">
      <Link href="/videos" className="hover:text-foreground hover:underline">
        {messages.allVideos()}
      </Link>
      <Link href="/machines" className="hover:text-foreground hover:underline">
        {messages.allMachines()}
      </Link>
    </span>
  )
}
