'use client'

import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { useLiveStore } from '@/app/live/live-provider'
import { useBeforeunload } from '@/app/ui/use-beforeunload'
import type { CaptionDto } from '@/lib/captions/schema'
import { fetchNewCues } from '../fetch-cues'
import type { InitialCues } from '../use-initial-cues'
import { createDocument, documentReducer, type EditorDocument } from './editor-document'
import { buildCueChange } from './rebase'
import { type PendingSave, saveChanges, serverUnreachable } from './save-changes'
import { useSaveOnUnload } from './use-save-on-unload'

const AUTOSAVE_DELAY_MS = 700
const RETRY_DELAY_MS = 3_000
/** Browsers limit requests that outlive their page to 64 kB; this many changes stay below. */
const MAX_KEEPALIVE_CUES = 50

export type SaveStatus = { state: 'saved' | 'saving' | 'conflict' } | { state: 'failed'; problem: string }

/** Edits the cues of a track, saves each change after a short delay and merges changes made elsewhere. */
export function useEditorDocument(caption: CaptionDto, initial: InitialCues) {
  const live = useLiveStore()
  const [document, dispatch] = useReducer(documentReducer, initial.loaded, createDocument)
  const [pending, setPending] = useState<PendingSave | null>(null)
  const isSaving = pending !== null
  const [problem, setProblem] = useState<{ text: string; isFinal: boolean } | null>(null)
  const [seenVersion, setSeenVersion] = useState(initial.caption.version)
  const doneSeconds = useRef(initial.loaded.doneSeconds)
  const changes = useMemo(
    () => buildCueChange(document.stored, document.cues),
    [document.stored, document.cues],
  )
  const changeCount = changes.put.length + changes.remove.length
  const isDirty = changeCount > 0
  const hasConflicts = document.conflicts.length > 0
  const captionId = caption.id

  const refresh = useCallback(
    async ({ stored, revision }: Pick<EditorDocument, 'stored' | 'revision'>) => {
      const known = { captionId, revision, cues: stored, doneSeconds: doneSeconds.current }
      const { loaded, caption: current } = await fetchNewCues(known, { words: 'all' })
      doneSeconds.current = loaded.doneSeconds
      dispatch({ type: 'remote', cues: loaded.cues, revision: loaded.revision })
      setSeenVersion(current.version)
    },
    [captionId],
  )

  const save = useCallback(
    async (snapshot: EditorDocument) => {
      const result = saveChanges(captionId, snapshot)
      setPending({ cues: snapshot.cues, result })
      const saved = await result
      if (saved.revision !== undefined) {
        dispatch({ type: 'saved', cues: snapshot.cues, revision: saved.revision })
        live.upsert({ captions: [saved.caption] })
        setProblem(null)
      } else if (saved.code === 'caption.changed')
        await refresh(snapshot).catch(() => setProblem(serverUnreachable()))
      else setProblem(saved.problem)
      setPending(null)
    },
    [captionId, live, refresh],
  )

  useEffect(() => {
    if (!isDirty || isSaving || hasConflicts || problem?.isFinal) return
    const timer = setTimeout(() => void save(document), problem ? RETRY_DELAY_MS : AUTOSAVE_DELAY_MS)
    return () => clearTimeout(timer)
  }, [document, isDirty, isSaving, hasConflicts, problem, save])
  // The next edit may fix what the server rejected.
  useEffect(() => setProblem(null), [document.cues])

  const isBehind = caption.version > seenVersion
  const { stored, revision } = document
  useEffect(() => {
    if (isBehind && !isSaving) refresh({ stored, revision }).catch(() => undefined)
  }, [isBehind, caption.version, isSaving, stored, revision, refresh])

  useSaveOnUnload({ document, pending, captionId, isDirty: isDirty && !hasConflicts })
  const isTooLarge = changeCount > MAX_KEEPALIVE_CUES
  // Changes made during a save need its revision, which an unloading page cannot wait for.
  const hasQueuedChanges = pending !== null && pending.cues !== document.cues
  useBeforeunload(isDirty && (hasConflicts || isTooLarge || hasQueuedChanges || problem !== null))
  const saveStatus: SaveStatus = problem
    ? { state: 'failed', problem: problem.text }
    : { state: hasConflicts ? 'conflict' : isDirty || isSaving ? 'saving' : 'saved' }
  return { document, dispatch, saveStatus, isDirty, refresh: () => refresh({ stored, revision }) }
}

export type EditedDocument = ReturnType<typeof useEditorDocument>
