import type { LiveStore } from './store'

const BATCH_MS = 100

/**
 * Reports finished tasks that this page has received, with the page or over the socket, as seen. `publishSeen`
 * receives their ids, at most 1,000 per call, and is called only while `isConnected` returns true.
 */
export function reportSeen(
  store: Pick<LiveStore, 'read' | 'subscribe'>,
  { isConnected, publishSeen }: { isConnected: () => boolean; publishSeen: (ids: string[]) => void },
) {
  const reported = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const report = () => {
    timer = undefined
    if (!isConnected()) return
    // A retried task finishes again, with another `finishedAt`.
    const unseen = [...store.read().tasks.values()].filter((task) => task.finishedAt && !task.seenAt)
    const fresh = unseen.filter((task) => !reported.has(`${task.id} ${task.finishedAt}`))
    for (const task of fresh) reported.add(`${task.id} ${task.finishedAt}`)
    if (fresh.length > 0) publishSeen(fresh.map(({ id }) => id).slice(0, 1_000))
  }
  const schedule = () => void (timer ??= setTimeout(report, BATCH_MS))
  const unsubscribe = store.subscribe(schedule)
  return {
    schedule,
    stop() {
      clearTimeout(timer)
      unsubscribe()
    },
  }
}
