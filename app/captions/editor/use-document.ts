'use client'

import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { useLeaveWarning } from '@/app/components/leave-warning'
import { useLiveStore } from '@/app/live/live'
import type { CaptionDto } from '@/lib/captions/contract'
import { fetchNewer } from '../use-cues'
import type { FirstCues } from '../use-first-cues'
import { editDocument, type EditorDocument, openDocument } from './document'
import { changesOf } from './rebase'

const TYPING_PAUSE_MS = 700
const TRY_AGAIN_MS = 3_000
/** More than a request that outlives its page can carry for sure, which is 64 kB. */
const MANY_CUES = 50

export type Saving = { state: 'saved' | 'saving' | 'waiting' } | { state: 'failed'; problem: string }

/** Cues that are edited: stored as versions a moment after each change, and brought together with what comes from elsewhere. */
export function useDocument(caption: CaptionDto, first: FirstCues) {
  const live = useLiveStore()
  const [document, act] = useReducer(editDocument, first.known, openDocument)
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<{ text: string; isFinal: boolean } | null>(null)
  const [seenVersion, setSeenVersion] = useState(first.caption.version)
  const doneSeconds = useRef(first.known.doneSeconds)
  const changes = useMemo(() => changesOf(document.stored, document.cues), [document.stored, document.cues])
  const isDirty = changes.put.length + changes.remove.length > 0
  const isClashing = document.clashes.length > 0
  const captionId = caption.id

  const pull = useCallback(
    async ({ stored, revision }: Pick<EditorDocument, 'stored' | 'revision'>) => {
      const stale = { captionId, revision, cues: stored, doneSeconds: doneSeconds.current }
      const { known, caption: now } = await fetchNewer(stale, { words: 'all' })
      doneSeconds.current = known.doneSeconds
      act({ type: 'elsewhere', cues: known.cues, revision: known.revision })
      setSeenVersion(now.version)
    },
    [captionId],
  )

  const send = useCallback(
    async (now: EditorDocument) => {
      setSending(true)
      const answer = await sendChanges(captionId, now)
      if (answer.revision !== undefined) {
        act({ type: 'stored', cues: now.cues, revision: answer.revision })
        live.add({ captions: [answer.caption] })
        setProblem(null)
      } else if (answer.code === 'caption.changed') await pull(now).catch(() => setProblem(AWAY))
      else setProblem(answer.problem)
      setSending(false)
    },
    [captionId, live, pull],
  )

  useEffect(() => {
    if (!isDirty || isSending || isClashing || problem?.isFinal) return
    const timer = setTimeout(() => void send(document), problem ? TRY_AGAIN_MS : TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [document, isDirty, isSending, isClashing, problem, send])
  // What the server refused may be right after the next change.
  useEffect(() => setProblem(null), [document.cues])

  const isBehind = caption.version > seenVersion
  const { stored, revision } = document
  useEffect(() => {
    if (isBehind && !isSending) pull({ stored, revision }).catch(() => undefined)
  }, [isBehind, caption.version, isSending, stored, revision, pull])

  useLeaving({ document, captionId, isDirty: isDirty && !isClashing })
  const isMuch = changes.put.length + changes.remove.length > MANY_CUES
  useLeaveWarning(isDirty && (isClashing || isMuch || problem !== null))
  const saving: Saving = problem
    ? { state: 'failed', problem: problem.text }
    : { state: isClashing ? 'waiting' : isDirty || isSending ? 'saving' : 'saved' }
  return { document, act, saving, isDirty, pull: () => pull({ stored, revision }) }
}

export type EditedDocument = ReturnType<typeof useDocument>

const AWAY = { text: 'the server does not answer. It is tried again.', isFinal: false }

type Answer =
  | { revision: number; caption: CaptionDto; code?: undefined; problem?: undefined }
  | { revision?: undefined; code?: string; problem: { text: string; isFinal: boolean } }

async function sendChanges(
  captionId: string,
  { stored, cues, revision }: EditorDocument,
  { isLast = false } = {},
): Promise<Answer> {
  const answer = await fetch(`/api/v1/captions/${captionId}/cues`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ baseRevision: revision, ...changesOf(stored, cues) }),
    // The request outlives the page that is closed.
    keepalive: isLast,
  }).catch(() => null)
  if (!answer || answer.status >= 500) return { problem: AWAY }
  const told = (await answer.json().catch(() => null)) as Record<string, never> | null
  if (!told) return { problem: AWAY }
  if (answer.ok) return told as unknown as { revision: number; caption: CaptionDto }
  const { code, title = '', detail = '' } = told as { code?: string; title?: string; detail?: string }
  return { code, problem: { text: `${title} ${detail}`.trim(), isFinal: true } }
}

/** What is not stored yet is sent when the page is left. */
function useLeaving(now: { document: EditorDocument; captionId: string; isDirty: boolean }) {
  const latest = useRef(now)
  useEffect(() => void (latest.current = now))
  useEffect(() => {
    const flush = (isLast: boolean) => {
      const { document, captionId, isDirty } = latest.current
      if (isDirty) void sendChanges(captionId, document, { isLast })
    }
    const close = () => flush(true)
    window.addEventListener('pagehide', close)
    return () => {
      window.removeEventListener('pagehide', close)
      flush(false)
    }
  }, [])
}
