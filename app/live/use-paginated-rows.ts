'use client'

import { useState } from 'react'
import type { LiveRows } from '@/lib/realtime/schema'
import { useLiveStore } from './live-provider'

/** A page is of one type of row. */
interface RowsPage extends Partial<LiveRows> {
  nextCursor: string | null
}

/**
 * A long list, a page at a time: `first` is what the server rendered, `more` fetches what follows from
 * `path` and puts it into the live store. `ids` are in the server's order.
 */
export function usePaginatedRows({ path, first }: { path: string; first: RowsPage }) {
  const store = useLiveStore()
  const [loaded, setLoaded] = useState({ ids: rowIds(first), nextCursor: first.nextCursor })
  const [state, setState] = useState<'ready' | 'loading' | 'failed'>('ready')
  async function more() {
    setState('loading')
    const url = new URL(path, window.location.href)
    url.searchParams.set('cursor', loaded.nextCursor!)
    const answer = await fetch(url).catch(() => null)
    if (!answer?.ok) return setState('failed')
    const page = (await answer.json()) as RowsPage
    store.add(page)
    setLoaded({ ids: [...loaded.ids, ...rowIds(page)], nextCursor: page.nextCursor })
    setState('ready')
  }
  return { ids: loaded.ids, hasMore: loaded.nextCursor !== null, state, more: () => void more() }
}

const rowIds = ({ tasks, videos, machines }: RowsPage) =>
  (machines ?? videos ?? tasks ?? []).map(({ id }) => id)
