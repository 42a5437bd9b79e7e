'use client'

import { useEffect, useRef } from 'react'
import type { EditorDocument } from './editor-document'
import { type PendingSave, saveChanges } from './save-changes'

interface Options {
  document: EditorDocument
  pending: PendingSave | null
  captionId: string
  isDirty: boolean
}

/** Saves unsaved changes when the page unloads or the user navigates away. */
export function useSaveOnUnload(options: Options) {
  const latest = useRef(options)
  useEffect(() => void (latest.current = options))
  useEffect(() => {
    const saveOnUnload = () => {
      const { document, captionId, isDirty } = latest.current
      if (isDirty) void saveChanges(captionId, document, { isUnloading: true })
    }
    const saveOnUnmount = async () => {
      const { document, pending, captionId, isDirty } = latest.current
      if (!isDirty) return
      const revision = (await pending?.result)?.revision
      if (pending?.cues === document.cues && revision !== undefined) return
      const base = revision === undefined ? {} : { stored: pending!.cues, revision }
      await saveChanges(captionId, { ...document, ...base })
    }
    window.addEventListener('pagehide', saveOnUnload)
    return () => {
      window.removeEventListener('pagehide', saveOnUnload)
      void saveOnUnmount()
    }
  }, [])
}
