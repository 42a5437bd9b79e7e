'use client'

import { useCallback } from 'react'
import { toast } from 'sonner'
import { useLiveStore } from './live-provider'

const UNDO_MS = 7_000

/**
 * Takes rows out of sight at once and deletes them when the time to undo is over, or when the page is left.
 * `at` is where the API deletes one.
 */
export function useUndoableDelete() {
  const store = useLiveStore()
  return useCallback(
    ({ ids, name, at }: { ids: string[]; name: string; at(id: string): string }) => {
      if (ids.length === 0) return
      store.hide(ids)
      const end = () => {
        clearTimeout(timer)
        window.removeEventListener('pagehide', commit)
        toast.dismiss(note)
      }
      const commit = () => {
        end()
        for (const id of ids) void deleteRow(at(id)).then((isGone) => isGone || store.show([id]))
      }
      const timer = setTimeout(commit, UNDO_MS)
      window.addEventListener('pagehide', commit)
      const note = toast(`Deleted ${name}`, {
        duration: UNDO_MS,
        action: { label: 'Undo', onClick: () => (end(), store.show(ids)) },
      })
    },
    [store],
  )
}

async function deleteRow(at: string) {
  // keepalive: the request outlives the page that is being left.
  const answer = await fetch(at, { method: 'DELETE', keepalive: true }).catch(() => null)
  const isGone = answer?.ok || answer?.status === 404
  if (!isGone) toast.error('It could not be deleted. Try again.')
  return isGone
}
