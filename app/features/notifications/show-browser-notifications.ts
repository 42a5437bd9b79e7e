import { fetchJson } from '@/app/ui/fetch-json'
import * as messages from '@/lib/generated/messages/push'
import { BURST_TAG, BURST_WINDOW_MS, MAX_SINGLE_IN_BURST } from '@/lib/notifications/bursts'
import type { NotificationEvent } from '@/lib/notifications/events'
import type { NotificationDto } from '@/lib/notifications/schema'
import { readPushState } from './push-subscription'

/**
 * Shows new notifications of the browser while the tab is hidden, where the user has turned them on but the push service of the
 * browser cannot be used. Many within minutes become one that counts all that are `unread`, as messages of push services do.
 * The service worker opens the page of one that is clicked.
 */
export async function showBrowserNotifications(
  fresh: readonly NotificationDto[],
  unread: readonly NotificationDto[] = fresh,
) {
  if (!document.hidden || (await readPushState()) !== 'page-only') return
  const settings = await fetchJson<{ push: Partial<Record<NotificationEvent, boolean>> }>(
    '/api/v1/notifications',
  )
  const shown = fresh.filter(({ event }) => settings?.push[event])
  const [latest] = shown
  if (!latest) return
  const registration = await navigator.serviceWorker.ready
  const show = (title: string, tag: string, { body, href }: { body: string | null; href: string }) =>
    // Several open tabs show one notification per tag.
    registration.showNotification(title, { body: body ?? '', tag, data: { href }, icon: '/icons/192.png' })
  if (countRecent(unread) > MAX_SINGLE_IN_BURST)
    await show(messages.unreadCount({ count: unread.length }), BURST_TAG, {
      body: latest.message,
      href: '/notifications',
    })
  else for (const { id, message, detail, href } of shown) await show(message, id, { body: detail, href })
}

const countRecent = (unread: readonly NotificationDto[]) =>
  unread.filter(({ createdAt }) => Date.now() - Date.parse(createdAt) < BURST_WINDOW_MS).length
