import type { LiveRows } from '@/lib/realtime/schema'
import { type LiveStore, mapRowTypes } from './store'

const FLUSH_INTERVAL_MS = 16

/** Applies rows at once, but renders at most every `FLUSH_INTERVAL_MS`: rows that arrive in between are applied together. */
export function createRowBatcher(store: LiveStore) {
  let rows = mapRowTypes<Record<keyof LiveRows, object[]>>(() => [])
  let timer: number | undefined
  let flushedAt = -Infinity
  const flush = () => {
    timer = undefined
    flushedAt = performance.now()
    store.upsert(rows as LiveRows)
    rows = mapRowTypes(() => [])
  }
  return {
    add(key: keyof LiveRows, row: object) {
      rows[key].push(row)
      timer ??= window.setTimeout(flush, Math.max(0, flushedAt + FLUSH_INTERVAL_MS - performance.now()))
    },
    stop: () => window.clearTimeout(timer),
  }
}
