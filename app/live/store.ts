import { isFinished } from '@/lib/tasks/state'
import type { TimeEstimate } from '@/lib/tasks/forecast/queries'
import { LIVE_COLLECTIONS, type LiveType, MAX_KNOWN_ROWS } from '@/lib/realtime/collections'
import type { LiveRows, Snapshot } from '@/lib/realtime/schema'

type RowKey = keyof LiveRows
type RowMaps = { [K in RowKey]: ReadonlyMap<string, LiveRows[K][number]> }

interface LiveState extends RowMaps {
  /** Ids of rows whose deletion can still be undone. */
  hidden: ReadonlySet<string>
  /** Ids of deleted rows. */
  removed: ReadonlySet<string>
}

/** A change of a row that the server has reported, also of one that this page did not have. */
export interface LiveChange {
  type: LiveType
  /** What this page had of it. */
  before?: object
  /** Undefined for a row that is gone. */
  after?: object
}

const ROW_KEYS = Object.values(LIVE_COLLECTIONS)

/** Builds an object with one value per row type. */
export const mapRowTypes = <T extends object>(value: (key: RowKey) => unknown) =>
  Object.fromEntries(ROW_KEYS.map((key) => [key, value(key)])) as T

/**
 * Holds the rows that this page has received. A row replaces another only if its version is higher, so duplicate,
 * late and lost events never produce a wrong state.
 */
export function createLiveStore() {
  let rows: LiveState = { ...mapRowTypes<RowMaps>(() => new Map()), hidden: new Set(), removed: new Set() }
  const listeners = new Set<() => void>()
  const changeListeners = new Set<(change: LiveChange) => void>()
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
    /** Calls `listener` for every change before it is applied. Changes that were missed while offline are not reported. */
    onChange(listener: (change: LiveChange) => void) {
      changeListeners.add(listener)
      return () => void changeListeners.delete(listener)
    },
    reportChange(type: LiveType, id: string, after?: object) {
      const before = rows[LIVE_COLLECTIONS[type]].get(id)
      for (const listener of changeListeners) listener({ type, before, after })
    },
    upsert(found: Partial<{ [K in RowKey]: readonly LiveRows[K][number][] }>) {
      const next = mapRowTypes<RowMaps>((key) => mergeNewer<Row>(rows[key], found[key] ?? [], rows.removed))
      if (ROW_KEYS.some((key) => next[key] !== rows[key])) publish(next)
    },
    remove(ids: readonly string[]) {
      if (ids.length === 0) return
      const removed = new Set([...rows.removed, ...ids])
      const without = (map: ReadonlyMap<string, Row>) => new Map([...map].filter(([id]) => !removed.has(id)))
      publish({ ...mapRowTypes<RowMaps>((key) => without(rows[key])), removed })
    },
    hide(ids: readonly string[]) {
      publish({ hidden: new Set([...rows.hidden, ...ids]) })
    },
    show(ids: readonly string[]) {
      publish({ hidden: new Set([...rows.hidden].filter((id) => !ids.includes(id))) })
    },
    setQueuePositions(positions: Record<string, number>, idsWithoutWorker: readonly string[]) {
      const untaken = new Set(idsWithoutWorker)
      const moved = Object.entries(positions).flatMap(([id, position]) => {
        const task = rows.tasks.get(id)
        const hasWorker = !untaken.has(id)
        if (task?.state !== 'queued' || (task.position === position && task.hasWorker === hasWorker))
          return []
        return [{ ...task, position, hasWorker }]
      })
      if (moved.length > 0) publish({ tasks: withRows(rows.tasks, moved) })
    },
    /** Tasks that are missing from `estimates` have none any more. */
    setEstimates(estimates: Record<string, TimeEstimate>) {
      const changed = [...rows.tasks.values()].flatMap((task) => {
        const estimate = estimates[task.id] ?? (task.etaRangeSeconds && NO_ESTIMATE)
        return estimate && !isFinished(task.state) ? [{ ...task, ...estimate }] : []
      })
      if (changed.length > 0) publish({ tasks: withRows(rows.tasks, changed) })
    },
    applySnapshot(snapshot: Snapshot) {
      this.upsert(snapshot)
      this.remove(snapshot.gone)
    },
    /** Returns the version of every row, by id, in parts that each fit into one message. */
    knownVersions() {
      const all = ROW_KEYS.flatMap((key): Row[] => [...rows[key].values()])
      const parts = Array.from({ length: Math.max(1, Math.ceil(all.length / MAX_KNOWN_ROWS)) }, (_, n) =>
        all.slice(n * MAX_KNOWN_ROWS, (n + 1) * MAX_KNOWN_ROWS),
      )
      return parts.map((part) => Object.fromEntries(part.map((row) => [row.id, row.version])))
    },
  }
}

/** Merges the stored rows over those of `seed`, the rows that the server rendered the page with. */
export const mergeInitial = (rows: LiveState, seed: Partial<LiveRows> = {}) =>
  mapRowTypes<{ [K in RowKey]: Map<string, LiveRows[K][number]> }>((key) => {
    const initial = (seed[key] ?? []).filter(({ id }) => !rows.removed.has(id))
    return new Map([...initial.map((row) => [row.id, row] as const), ...rows[key]])
  })

export type LiveStore = ReturnType<typeof createLiveStore>

const NO_ESTIMATE: TimeEstimate = { etaSeconds: null, etaRangeSeconds: null, startsInSeconds: null }

interface Row {
  id: string
  version: number
}

function mergeNewer<T extends Row>(
  map: ReadonlyMap<string, T>,
  found: readonly T[],
  removed: ReadonlySet<string>,
) {
  const fresh = found.filter((row) => !removed.has(row.id) && row.version > (map.get(row.id)?.version ?? 0))
  return fresh.length === 0 ? map : withRows(map, fresh)
}

const withRows = <T extends { id: string }>(map: ReadonlyMap<string, T>, rows: readonly T[]) =>
  new Map([...map, ...rows.map((row) => [row.id, row] as const)])
