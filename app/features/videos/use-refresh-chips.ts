import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useLiveStore } from '@/app/live/live-provider'
import type { LiveChange } from '@/app/live/store'
import type { VideoDto } from '@/lib/videos/schema'

/** Long enough for the changes of many videos at once. */
const DELAY_MS = 500

/** Reads folders, playlists and tags, with their counts, from the server again when a change elsewhere affects them. */
export function useRefreshChips() {
  const store = useLiveStore()
  const router = useRouter()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const unsubscribe = store.onChange((change) => {
      if (!affectsChips(change)) return
      clearTimeout(timer)
      timer = setTimeout(() => router.refresh(), DELAY_MS)
    })
    return () => {
      unsubscribe()
      clearTimeout(timer)
    }
  }, [store, router])
}

function affectsChips({ type, before, after }: LiveChange) {
  if (type === 'playlist') return true
  return type === 'video' && chipsOf(before) !== chipsOf(after)
}

function chipsOf(row: object | undefined) {
  if (!row) return null
  const { folderId, deletedAt, tags } = row as VideoDto
  return JSON.stringify([folderId, deletedAt !== null, tags])
}
