'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/notifications'
import * as notificationListMessages from '@/lib/generated/messages/notification-list'
import { Popover } from 'radix-ui'
import { useEffect, useState } from 'react'
import { useLive, useLiveStore } from '@/app/live/live-provider'
import { EmptyMessage } from '@/app/ui/empty-message'
import { fetchJson } from '@/app/ui/fetch-json'
import type { MenuProps } from '@/app/ui/lazy-menu'
import { Link } from '@/app/ui/link'
import type { NotificationDto } from '@/lib/notifications/schema'
import { MarkAllRead } from './mark-all-read'
import { NotificationRow } from './notification-row'

const MAX_ROWS = 10

/** The newest notifications, below the bell. */
export function NotificationPanel({ trigger }: MenuProps) {
  const [isOpen, setOpen] = useState(true)
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={messages.title()}
          className="z-50 flex max-h-[min(32rem,var(--radix-popover-content-available-height))] w-[min(26rem,calc(100vw-1rem))] flex-col overflow-hidden rounded-xl border bg-card shadow-lg outline-none"
        >
          <NewestNotifications onClose={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function NewestNotifications({ onClose }: { onClose(): void }) {
  const { notifications } = useLive()
  const state = useNewestRows()
  return (
    <>
      <div className="flex items-center justify-between border-b py-2 ps-4 pe-2">
        <h2 className="font-semibold">{messages.title()}</h2>
        <MarkAllRead notifications={notifications} />
      </div>
      <div className="min-h-0 grow overflow-y-auto">
        {notifications.length > 0 ? (
          <ul className="divide-y">
            {notifications.slice(0, MAX_ROWS).map((notification) => (
              <NotificationRow key={notification.id} notification={notification} onOpen={onClose} />
            ))}
          </ul>
        ) : (
          <EmptyMessage>{emptyMessages[state]()}</EmptyMessage>
        )}
      </div>
      <div className="flex justify-between gap-3 border-t px-4 py-2.5 text-sm">
        <Link href="/notifications" className="text-primary hover:underline" onClick={onClose}>
          {notificationListMessages.viewAll()}
        </Link>
        <Link
          href="/account#notifications"
          className="text-muted-foreground hover:text-foreground"
          onClick={onClose}
        >
          {commonMessages.settings()}
        </Link>
      </div>
    </>
  )
}

const emptyMessages = {
  loading: commonMessages.loading,
  failed: notificationListMessages.loadFailed,
  ready: notificationListMessages.empty,
}

/** Adds the newest rows, read or not, to the live store, which has the unread ones. */
function useNewestRows() {
  const store = useLiveStore()
  const [state, setState] = useState<keyof typeof emptyMessages>('loading')
  useEffect(() => {
    const url = new URL(`/api/v1/inbox?limit=${MAX_ROWS}`, window.location.href)
    void fetchJson<{ notifications: NotificationDto[] }>(url).then((page) => {
      if (page) store.upsert({ notifications: page.notifications })
      setState(page ? 'ready' : 'failed')
    })
  }, [store])
  return state
}
