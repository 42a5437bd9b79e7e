/** At most ten announcements a minute, as screen readers read every one of them to its end. */
const ANNOUNCEMENT_INTERVAL_MS = 6_000

interface Options {
  publish(announcement: string): void
  /** Makes one announcement of the texts of an interval, oldest first. */
  summarize(texts: readonly string[]): string
}

/** Publishes texts for screen readers: the first one at once, and those of an interval as one announcement. */
export function createAnnouncer({ publish, summarize }: Options) {
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
      if (timer === undefined) flush()
    },
    stop: () => clearTimeout(timer),
  }
}

/** For texts that describe a state: only the newest one is true. */
export const newestText = (texts: readonly string[]) => texts.at(-1) ?? ''
