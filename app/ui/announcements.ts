import * as messages from '@/lib/generated/messages/announcements'
import { createAnnouncer } from './announcer'

/** More events than these are summarized: reading each would take longer than the interval. */
const MAX_READ_EVENTS = 3

const listeners = new Set<() => void>()
let announcement = ''

export const summarizeEvents = (texts: readonly string[]) =>
  texts.length <= MAX_READ_EVENTS
    ? texts.join('\n')
    : messages.summary({ count: texts.length, latest: texts.at(-1)! })

const announcer = createAnnouncer({
  summarize: summarizeEvents,
  publish(text) {
    announcement = text
    for (const listener of listeners) listener()
  },
})

/** Announces events, such as the start or the end of a task, to screen readers; oldest first. */
export function announce(...texts: readonly string[]) {
  if (texts.length > 0) announcer.announce(texts)
}

/** The text of the live region. */
export const currentAnnouncement = {
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  read: () => announcement,
  readOnServer: () => '',
}
