'use client'

import { useState } from 'react'
import type { LiveRows } from '@/lib/realtime/contract'
import { useLiveStore } from './live'

/** A page is of one type of row. */
interface Page extends Partial<LiveRows> {
  nextCursor: string | null
}

/**
 * A long list, a page at a time: `first` is what the server rendered, `more` fetches what follows from
 * `path` and puts it into the live store. `ids` are in the server's order.
 */
export function usePages({ path, first }: { path: string; first: Page }) {
  const store = useLiveStore()
  const [loaded, setLoaded] = useState({ ids: idsOf(first), nextCursor: first.nextCursor })
  const [state, setState] = useState<'ready' | 'loading' | 'failed'>('ready')
  async function more() {
    setState('loading')
    const url = new URL(path, window.location.href)
    url.searchParams.set('cursor', loaded.nextCursor!)
    const answer = await fetch(url).catch(() => null)
    if (!answer?.ok) return setState('failed')
    const page = (await answer.json()) as Page
    store.add(page)
    setLoaded({ ids: [...loaded.ids, ...idsOf(page)], nextCursor: page.nextCursor })
    setState('ready')
  }
  return { ids: loaded.ids, hasMore: loaded.nextCursor !== null, state, more: () => void more() }
}

const idsOf = ({ tasks, videos, machines }: Page) => (machines ?? videos ?? tasks ?? []).map(({ id }) => id)
