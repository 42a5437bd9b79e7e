import * as messages from '@/lib/generated/messages/notifications'
import { sendApiRequest } from '@/app/ui/api-request'

/** Marks notifications as read, for all tabs and devices, which receive the change over the socket. */
export const markRead = (which: { ids: string[] } | { upTo: string }) =>
  sendApiRequest({
    url: '/api/v1/inbox/read',
    method: 'POST',
    body: which,
    // The click that reads a notification also leaves the page.
    keepalive: true,
    errorMessage: messages.markReadFailed(),
  })
