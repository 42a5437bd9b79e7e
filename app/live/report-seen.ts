import type { LiveStore } from './store'

const BATCH_MS = 100

/**
 * Tells the server which tasks this page has the end of, whether they came with the page or over the
 * socket. `tell` gets the ids; it is called only while `isConnected` says so.
 */
export function reportSeen(
  store: Pick<LiveStore, 'read' | 'subscribe'>,
  { isConnected, tell }: { isConnected: () => boolean; tell: (ids: string[]) => void },
) {
  const told = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const report = () => {
    timer = undefined
    if (!isConnected()) return
    // A task that is tried again ends again, which is another end.
    const ended = [...store.read().tasks.values()].filter((task) => task.finishedAt && !task.seenAt)
    const fresh = ended.filter((task) => !told.has(`${task.id} ${task.finishedAt}`))
    for (const task of fresh) told.add(`${task.id} ${task.finishedAt}`)
    if (fresh.length > 0) tell(fresh.map(({ id }) => id).slice(0, 1_000))
  }
  const ask = () => void (timer ??= setTimeout(report, BATCH_MS))
  const unsubscribe = store.subscribe(ask)
  return {
    ask,
    stop() {
      clearTimeout(timer)
      unsubscribe()
    },
  }
}
