import { fetchJson } from '@/app/ui/fetch-json'
import type { NotificationEvent } from '@/lib/notifications/events'
import type { NotificationDto } from '@/lib/notifications/schema'
import { readPushState } from './push-subscription'

/**
 * Shows notifications of the browser while the tab is hidden, where the user has turned them on but the push service of the
 * browser cannot be used. The service worker opens the page of one that is clicked.
 */
export async function showBrowserNotifications(notifications: readonly NotificationDto[]) {
  if (!document.hidden || (await readPushState()) !== 'page-only') return
  const settings = await fetchJson<{ push: Partial<Record<NotificationEvent, boolean>> }>(
    '/api/v1/notifications',
  )
  const registration = await navigator.serviceWorker.ready
  for (const { id, event, message, detail, href } of notifications)
    if (settings?.push[event])
      // Several open tabs show one notification per tag.
      await registration.showNotification(message, {
        body: detail ?? '',
        tag: id,
        data: { href },
        icon: '/icons/192.png',
      })
}
