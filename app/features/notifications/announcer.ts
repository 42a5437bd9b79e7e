import * as messages from '@/lib/generated/messages/notifications'

/** At most ten announcements a minute, as screen readers read every one of them to its end. */
const ANNOUNCEMENT_INTERVAL_MS = 6_000

/** Publishes messages for screen readers, at most one per interval. Those of an interval become one announcement. */
export function createAnnouncer(publish: (announcement: string) => void) {
  let waiting: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    if (waiting.length === 0) return
    publish(summarize(waiting))
    waiting = []
    timer = setTimeout(flush, ANNOUNCEMENT_INTERVAL_MS)
  }
  return {
    announce(texts: readonly string[]) {
      waiting.push(...texts)
      if (!timer) flush()
    },
    stop: () => clearTimeout(timer),
  }
}

const summarize = (texts: readonly string[]) =>
  texts.length === 1 ? texts[0]! : messages.newNotifications({ count: texts.length, latest: texts.at(-1)! })
