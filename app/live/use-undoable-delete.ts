'use client'

import * as messages from '@/lib/generated/messages/undoable-delete'
import { useCallback } from 'react'
import { toast } from '@/app/ui/toast'
import { uuid } from '@/app/ui/uuid'
import { sendApiRequest } from '@/app/ui/api-request'
import { useLiveStore } from './live-provider'

const UNDO_MS = 7_000

/**
 * Hides rows at once and deletes them when the undo period ends or the page unloads; rows that could not be deleted
 * reappear. `urlOf` returns the URL whose DELETE removes a row.
 */
export function useUndoableDelete() {
  const store = useLiveStore()
  return useCallback(
    ({ ids, name, urlOf }: { ids: string[]; name: string; urlOf(id: string): string }) => {
      if (ids.length === 0) return
      store.hide(ids)
      const toastId = uuid()
      const endUndoPeriod = () => {
        clearTimeout(timer)
        window.removeEventListener('pagehide', commit)
        toast.dismiss(toastId)
      }
      const commit = () => {
        endUndoPeriod()
        for (const id of ids) void deleteRow(urlOf(id)).then((isDeleted) => isDeleted || store.show([id]))
      }
      const undo = () => {
        endUndoPeriod()
        store.show(ids)
      }
      const timer = setTimeout(commit, UNDO_MS)
      window.addEventListener('pagehide', commit)
      toast(messages.deleted({ name }), {
        id: toastId,
        duration: UNDO_MS,
        action: { label: messages.undo(), onClick: undo },
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
    errorMessage: messages.deleteFailed(),
  })
