'use client'

import * as messages from '@/lib/generated/messages/shell'
import type { ReactNode } from 'react'
import { NotificationBell } from '@/app/features/notifications/notification-bell'
import { useLive } from '@/app/live/live-provider'
import { AnnouncementRegion } from '@/app/ui/announcement-region'
import { Link } from '@/app/ui/link'
import type { MutedOutcome } from '@/lib/notifications/muted-outcomes'
import { CommandMenuButton } from './command-menu-button'
import { ConnectionBanner } from './connection-banner'
import { HealthBanner } from './health-banner'
import { Logo } from './logo'
import { MainNav, MobileNav } from './nav'
import { useServiceWorker } from './use-service-worker'
import { useTaskAnnouncements } from './use-task-announcements'
import { useTabProgress } from './use-tab-progress'
import { UserMenu } from './user-menu'

interface Props {
  user: { email: string; isAdmin: boolean }
  mutedOutcomes: readonly MutedOutcome[]
  children: ReactNode
}

/** The frame of every signed-in page: header, navigation, banners, command menu. */
export function Shell({ user, mutedOutcomes, children }: Props) {
  const { tasks } = useLive()
  useTabProgress(tasks.filter((task) => task.state === 'in_progress').map((task) => task.progress))
  useServiceWorker()
  useTaskAnnouncements(mutedOutcomes)
  return (
    <>
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-card p-2 focus:not-sr-only focus:fixed focus:top-2 focus:start-2"
      >
        {messages.skipToContent()}
      </a>
      <header className="sticky top-0 z-20 border-b bg-background/85 backdrop-blur">
        <div className="mx-auto flex h-14 max-w-6xl items-center gap-1 px-4">
          <Link href="/" className="me-3 flex items-center gap-2 rounded-md font-semibold">
            <Logo />
            Meanwhile
          </Link>
          <MainNav />
          <div className="ms-auto flex items-center gap-1">
            <CommandMenuButton isAdmin={user.isAdmin} />
            <NotificationBell />
            <UserMenu email={user.email} isAdmin={user.isAdmin} />
          </div>
        </div>
      </header>
      {user.isAdmin && <HealthBanner />}
      <ConnectionBanner />
      <main id="content" className="mx-auto max-w-6xl px-4 py-6 pb-36 sm:py-8">
        {children}
      </main>
      <MobileNav />
      <AnnouncementRegion />
    </>
  )
}
