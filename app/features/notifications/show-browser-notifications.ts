import type { NotificationDto } from '@/lib/notifications/schema'
import { readPushState } from './push-subscription'

/**
 * Shows notifications of the browser while the tab is hidden, where the user has permitted them but the push service of the
 * browser cannot be used. `open` opens a path of this app.
 */
export async function showBrowserNotifications(
  notifications: readonly NotificationDto[],
  open: (href: string) => void,
) {
  if (!('Notification' in window) || Notification.permission !== 'granted' || !document.hidden) return
  // A subscribed browser receives them from the push service.
  if ((await readPushState()) === 'on') return
  for (const { id, message, detail, href } of notifications) {
    // Several open tabs show one notification per tag.
    const notification = new Notification(message, { body: detail ?? '', tag: id })
    notification.onclick = () => {
      window.focus()
      open(href)
    }
  }
}
