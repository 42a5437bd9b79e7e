'use client'

import { useState } from 'react'
import { fetchJson } from '@/app/ui/fetch-json'
import type { LiveRows } from '@/lib/realtime/schema'
import { useLiveStore } from './live-provider'

/** A page contains one type of row. */
interface RowsPage extends Partial<LiveRows> {
  nextCursor: string | null
}

/**
 * A paginated list in the live store: `first` is the page rendered by the server, `loadMore` fetches the next one from
 * `path`. `ids` are in the server's order.
 */
export function usePaginatedRows({ path, first }: { path: string; first: RowsPage }) {
  const store = useLiveStore()
  const [loaded, setLoaded] = useState({ ids: rowIds(first), nextCursor: first.nextCursor })
  const [state, setState] = useState<'ready' | 'loading' | 'failed'>('ready')
  async function loadMore() {
    setState('loading')
    const url = new URL(path, window.location.href)
    url.searchParams.set('cursor', loaded.nextCursor!)
    const page = await fetchJson<RowsPage>(url)
    if (!page) return setState('failed')
    store.upsert(page)
    setLoaded({ ids: [...loaded.ids, ...rowIds(page)], nextCursor: page.nextCursor })
    setState('ready')
  }
  return { ids: loaded.ids, hasMore: loaded.nextCursor !== null, state, loadMore: () => void loadMore() }
}

const rowIds = ({ tasks, videos, machines, notifications }: RowsPage) =>
  (notifications ?? machines ?? videos ?? tasks ?? []).map(({ id }) => id)
