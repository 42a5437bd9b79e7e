'use client'

import { useDebouncedFetch } from '@/app/ui/use-debounced-fetch'
import type { LiveRows } from '@/lib/realtime/schema'

const MAX_RESULTS = '8'

/** Videos and machines that match `search`, while the command menu is open. */
export function useCommandSearch(isOpen: boolean, search: string) {
  const query = new URLSearchParams({ search: search.trim(), limit: MAX_RESULTS }).toString()
  const videos = useDebouncedFetch<Pick<LiveRows, 'videos'>>(isOpen ? `/api/v1/videos?${query}` : null)
  const machines = useDebouncedFetch<Pick<LiveRows, 'machines'>>(isOpen ? `/api/v1/machines?${query}` : null)
  return { videos: videos?.videos ?? [], machines: machines?.machines ?? [] }
}
