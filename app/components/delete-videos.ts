'use client'

import { useCallback } from 'react'
import { toast } from 'sonner'
import { useLiveStore } from '@/app/live/live'
import type { VideoDto } from '@/lib/videos/contract'

const UNDO_MS = 7_000

/**
 * Takes videos out of sight at once and deletes them when the time to undo is over, or when the page
 * is left.
 */
export function useDeleteVideos() {
  const store = useLiveStore()
  return useCallback(
    (videos: VideoDto[]) => {
      const ids = videos.map(({ id }) => id)
      if (ids.length === 0) return
      store.hide(ids)
      const end = () => {
        clearTimeout(timer)
        window.removeEventListener('pagehide', commit)
        toast.dismiss(note)
      }
      const commit = () => {
        end()
        for (const id of ids) void remove(id).then((isGone) => isGone || store.show([id]))
      }
      const timer = setTimeout(commit, UNDO_MS)
      window.addEventListener('pagehide', commit)
      const what = videos.length === 1 ? `“${videos[0]!.title}”` : `${videos.length} videos`
      const note = toast(`Deleted ${what}`, {
        duration: UNDO_MS,
        action: { label: 'Undo', onClick: () => (end(), store.show(ids)) },
      })
    },
    [store],
  )
}

async function remove(id: string) {
  // keepalive: the request outlives the page that is being left.
  const answer = await fetch(`/api/v1/videos/${id}`, { method: 'DELETE', keepalive: true }).catch(() => null)
  const isGone = answer?.ok || answer?.status === 404
  if (!isGone) toast.error('It could not be deleted. Try again.')
  return isGone
}
