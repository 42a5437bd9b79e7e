import { LIVE_COLLECTIONS, type LiveRows, type Snapshot } from '@/lib/realtime/schema'

type RowKey = keyof LiveRows
type RowMaps = { [K in RowKey]: ReadonlyMap<string, LiveRows[K][number]> }

interface LiveState extends RowMaps {
  /** Ids of what is to be deleted, and can still be brought back. */
  hidden: ReadonlySet<string>
  /** Ids of what was deleted, here or elsewhere. */
  gone: ReadonlySet<string>
}

const ROW_KEYS = Object.values(LIVE_COLLECTIONS)
/** Half of the 1 MB at which Socket.IO hangs up, and less than Postgres takes ids in one query. */
const MAX_ROWS_PER_MESSAGE = 10_000

/** The same for every type of row. */
export const mapRowTypes = <T extends object>(value: (key: RowKey) => unknown) =>
  Object.fromEntries(ROW_KEYS.map((key) => [key, value(key)])) as T

/**
 * What this page knows of tasks, videos and machines. A row is taken only when its version is higher, so
 * that events may come twice, late or never without a wrong state being shown.
 */
export function createLiveStore() {
  let rows: LiveState = { ...mapRowTypes<RowMaps>(() => new Map()), hidden: new Set(), gone: new Set() }
  const listeners = new Set<() => void>()
  const publish = (next: Partial<LiveState>) => {
    rows = { ...rows, ...next }
    for (const listener of listeners) listener()
  }
  return {
    read: () => rows,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    add(found: Partial<{ [K in RowKey]: readonly LiveRows[K][number][] }>) {
      const next = mapRowTypes<RowMaps>((key) => mergeNewer<Row>(rows[key], found[key] ?? [], rows.gone))
      if (ROW_KEYS.some((key) => next[key] !== rows[key])) publish(next)
    },
    remove(ids: readonly string[]) {
      if (ids.length === 0) return
      const gone = new Set([...rows.gone, ...ids])
      const without = (map: ReadonlyMap<string, Row>) => new Map([...map].filter(([id]) => !gone.has(id)))
      publish({ ...mapRowTypes<RowMaps>((key) => without(rows[key])), gone })
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
    /** The versions of what is known, in parts that each fit into a message. */
    known() {
      const all = ROW_KEYS.flatMap((key): Row[] => [...rows[key].values()])
      const parts = Array.from(
        { length: Math.max(1, Math.ceil(all.length / MAX_ROWS_PER_MESSAGE)) },
        (_, n) => all.slice(n * MAX_ROWS_PER_MESSAGE, (n + 1) * MAX_ROWS_PER_MESSAGE),
      )
      return parts.map((part) => Object.fromEntries(part.map((row) => [row.id, row.version])))
    },
  }
}

/** What is known, and of `seed`, which a page was made with, what is not known better. */
export const mergeInitial = (rows: LiveState, seed: Partial<LiveRows> = {}) =>
  mapRowTypes<{ [K in RowKey]: Map<string, LiveRows[K][number]> }>((key) => {
    const left = (seed[key] ?? []).filter(({ id }) => !rows.gone.has(id))
    return new Map([...left.map((row) => [row.id, row] as const), ...rows[key]])
  })

export type LiveStore = ReturnType<typeof createLiveStore>

interface Row {
  id: string
  version: number
}

function mergeNewer<T extends Row>(
  map: ReadonlyMap<string, T>,
  found: readonly T[],
  gone: ReadonlySet<string>,
) {
  const fresh = found.filter((row) => !gone.has(row.id) && row.version > (map.get(row.id)?.version ?? 0))
  return fresh.length === 0 ? map : withRows(map, fresh)
}

const withRows = <T extends { id: string }>(map: ReadonlyMap<string, T>, rows: readonly T[]) =>
  new Map([...map, ...rows.map((row) => [row.id, row] as const)])
