import type { Snapshot } from '@/lib/realtime/contract'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'

interface Rows {
  tasks: ReadonlyMap<string, TaskDto>
  videos: ReadonlyMap<string, VideoDto>
  /** Ids of what is to be deleted, and can still be brought back. */
  hidden: ReadonlySet<string>
}

/**
 * What this page knows of tasks and videos. A row is taken only when its version is higher, so that
 * events may come twice, late or never without a wrong state being shown.
 */
export function createLiveStore() {
  let rows: Rows = { tasks: new Map(), videos: new Map(), hidden: new Set() }
  const listeners = new Set<() => void>()
  const gone = new Set<string>()
  const publish = (next: Partial<Rows>) => {
    rows = { ...rows, ...next }
    for (const listener of listeners) listener()
  }
  return {
    read: () => rows,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    add(found: { tasks?: readonly TaskDto[]; videos?: readonly VideoDto[] }) {
      const tasks = newer(rows.tasks, found.tasks ?? [], gone)
      const videos = newer(rows.videos, found.videos ?? [], gone)
      if (tasks !== rows.tasks || videos !== rows.videos) publish({ tasks, videos })
    },
    remove(ids: readonly string[]) {
      if (ids.length === 0) return
      for (const id of ids) gone.add(id)
      const without = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([id]) => !gone.has(id)))
      publish({ tasks: without(rows.tasks), videos: without(rows.videos) })
    },
    hide(ids: readonly string[]) {
      publish({ hidden: new Set([...rows.hidden, ...ids]) })
    },
    show(ids: readonly string[]) {
      publish({ hidden: new Set([...rows.hidden].filter((id) => !ids.includes(id))) })
    },
    place(positions: Record<string, number>) {
      const moved = Object.entries(positions).flatMap(([id, position]) => {
        const task = rows.tasks.get(id)
        return task?.state === 'queued' && task.position !== position ? [{ ...task, position }] : []
      })
      if (moved.length > 0) publish({ tasks: withRows(rows.tasks, moved) })
    },
    apply(snapshot: Snapshot) {
      this.add(snapshot)
      this.remove(snapshot.gone)
    },
    known() {
      return Object.fromEntries(
        [...rows.tasks.values(), ...rows.videos.values()].map((row) => [row.id, row.version]),
      )
    },
  }
}

export type LiveStore = ReturnType<typeof createLiveStore>

function newer<T extends { id: string; version: number }>(
  map: ReadonlyMap<string, T>,
  found: readonly T[],
  gone: Set<string>,
) {
  const fresh = found.filter((row) => !gone.has(row.id) && row.version > (map.get(row.id)?.version ?? 0))
  return fresh.length === 0 ? map : withRows(map, fresh)
}

const withRows = <T extends { id: string }>(map: ReadonlyMap<string, T>, rows: readonly T[]) =>
  new Map([...map, ...rows.map((row) => [row.id, row] as const)])
