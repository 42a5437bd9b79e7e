'use client'

import { useCallback } from 'react'
import { toast } from 'sonner'
import { sendApiRequest } from '@/app/ui/api-request'
import { useLiveStore } from './live-provider'

const UNDO_MS = 7_000

/**
 * Hides rows at once and deletes them when the time to undo is over or the page is left. `urlOf` returns the URL that
 * deletes a row.
 */
export function useUndoableDelete() {
  const store = useLiveStore()
  return useCallback(
    ({ ids, name, urlOf }: { ids: string[]; name: string; urlOf(id: string): string }) => {
      if (ids.length === 0) return
      store.hide(ids)
      const end = () => {
        clearTimeout(timer)
        window.removeEventListener('pagehide', commit)
        toast.dismiss(note)
      }
      const commit = () => {
        end()
        for (const id of ids) void deleteRow(urlOf(id)).then((isGone) => isGone || store.show([id]))
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

/** A row that is already gone counts as deleted. */
const deleteRow = (url: string) =>
  sendApiRequest({
    url,
    method: 'DELETE',
    keepalive: true,
    acceptedStatuses: [404],
    errorMessage: 'Couldn’t delete. Try again.',
  })
