import type { LiveRows } from '@/lib/realtime/schema'
import { type LiveStore, mapRowTypes } from './store'

const FLUSH_DELAY_MS = 16

/** Applies rows that arrive within `FLUSH_DELAY_MS` in one render. */
export function createRowBatcher(store: LiveStore) {
  let rows = mapRowTypes<Record<keyof LiveRows, object[]>>(() => [])
  let timer: number | undefined
  const flush = () => {
    timer = undefined
    store.upsert(rows as LiveRows)
    rows = mapRowTypes(() => [])
  }
  return {
    add(key: keyof LiveRows, row: object) {
      rows[key].push(row)
      timer ??= window.setTimeout(flush, FLUSH_DELAY_MS)
    },
    stop: () => window.clearTimeout(timer),
  }
}
