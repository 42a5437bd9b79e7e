'use client'

import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { useBeforeunload } from '@/app/ui/use-beforeunload'
import { useLiveStore } from '@/app/live/live-provider'
import type { CaptionDto } from '@/lib/captions/schema'
import { fetchNewCues } from '../use-cues'
import type { InitialCues } from '../use-initial-cues'
import { documentReducer, type EditorDocument, createDocument } from './editor-document'
import { buildCueChange } from './rebase'

const AUTOSAVE_DELAY_MS = 700
const RETRY_DELAY_MS = 3_000
/** More than a request that outlives its page can carry for sure, which is 64 kB. */
const MAX_KEEPALIVE_CUES = 50

export type SaveStatus = { state: 'saved' | 'saving' | 'waiting' } | { state: 'failed'; problem: string }

/** Cues that are edited: stored as versions a moment after each change, and brought together with what comes from elsewhere. */
export function useEditorDocument(caption: CaptionDto, first: InitialCues) {
  const live = useLiveStore()
  const [document, act] = useReducer(documentReducer, first.known, createDocument)
  const [sent, setSent] = useState<PendingSave | null>(null)
  const isSending = sent !== null
  const [problem, setProblem] = useState<{ text: string; isFinal: boolean } | null>(null)
  const [seenVersion, setSeenVersion] = useState(first.caption.version)
  const doneSeconds = useRef(first.known.doneSeconds)
  const changes = useMemo(
    () => buildCueChange(document.stored, document.cues),
    [document.stored, document.cues],
  )
  const isDirty = changes.put.length + changes.remove.length > 0
  const isClashing = document.clashes.length > 0
  const captionId = caption.id

  const pull = useCallback(
    async ({ stored, revision }: Pick<EditorDocument, 'stored' | 'revision'>) => {
      const stale = { captionId, revision, cues: stored, doneSeconds: doneSeconds.current }
      const { known, caption: now } = await fetchNewCues(stale, { words: 'all' })
      doneSeconds.current = known.doneSeconds
      act({ type: 'elsewhere', cues: known.cues, revision: known.revision })
      setSeenVersion(now.version)
    },
    [captionId],
  )

  const send = useCallback(
    async (now: EditorDocument) => {
      const answering = saveChanges(captionId, now)
      setSent({ cues: now.cues, result: answering })
      const answer = await answering
      if (answer.revision !== undefined) {
        act({ type: 'stored', cues: now.cues, revision: answer.revision })
        live.upsert({ captions: [answer.caption] })
        setProblem(null)
      } else if (answer.code === 'caption.changed')
        await pull(now).catch(() => setProblem(SERVER_UNREACHABLE))
      else setProblem(answer.problem)
      setSent(null)
    },
    [captionId, live, pull],
  )

  useEffect(() => {
    if (!isDirty || isSending || isClashing || problem?.isFinal) return
    const timer = setTimeout(() => void send(document), problem ? RETRY_DELAY_MS : AUTOSAVE_DELAY_MS)
    return () => clearTimeout(timer)
  }, [document, isDirty, isSending, isClashing, problem, send])
  // What the server refused may be right after the next change.
  useEffect(() => setProblem(null), [document.cues])

  const isBehind = caption.version > seenVersion
  const { stored, revision } = document
  useEffect(() => {
    if (isBehind && !isSending) pull({ stored, revision }).catch(() => undefined)
  }, [isBehind, caption.version, isSending, stored, revision, pull])

  useSaveOnUnload({ document, sent, captionId, isDirty: isDirty && !isClashing })
  const isMuch = changes.put.length + changes.remove.length > MAX_KEEPALIVE_CUES
  // What comes behind changes that are on their way needs their answer first.
  const isBehindOthers = sent !== null && sent.cues !== document.cues
  useBeforeunload(isDirty && (isClashing || isMuch || isBehindOthers || problem !== null))
  const saving: SaveStatus = problem
    ? { state: 'failed', problem: problem.text }
    : { state: isClashing ? 'waiting' : isDirty || isSending ? 'saving' : 'saved' }
  return { document, act, saving, isDirty, pull: () => pull({ stored, revision }) }
}

export type EditedDocument = ReturnType<typeof useEditorDocument>

const SERVER_UNREACHABLE = { text: 'the server does not answer. It is tried again.', isFinal: false }

/** On its way to the server. */
interface PendingSave {
  cues: EditorDocument['cues']
  result: Promise<SaveResult>
}

type SaveResult =
  | { revision: number; caption: CaptionDto; code?: undefined; problem?: undefined }
  | { revision?: undefined; code?: string; problem: { text: string; isFinal: boolean } }

async function saveChanges(
  captionId: string,
  { stored, cues, revision }: EditorDocument,
  { isLast = false } = {},
): Promise<SaveResult> {
  const answer = await fetch(`/api/v1/captions/${captionId}/cues`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ baseRevision: revision, ...buildCueChange(stored, cues) }),
    // The request outlives the page that is closed.
    keepalive: isLast,
  }).catch(() => null)
  if (!answer || answer.status >= 500) return { problem: SERVER_UNREACHABLE }
  const told = (await answer.json().catch(() => null)) as Record<string, never> | null
  if (!told) return { problem: SERVER_UNREACHABLE }
  if (answer.ok) return told as unknown as { revision: number; caption: CaptionDto }
  const { code, title = '', detail = '' } = told as { code?: string; title?: string; detail?: string }
  return { code, problem: { text: `${title} ${detail}`.trim(), isFinal: true } }
}

/** What is not stored yet is sent when the page is left. */
function useSaveOnUnload(now: {
  document: EditorDocument
  sent: PendingSave | null
  captionId: string
  isDirty: boolean
}) {
  const latest = useRef(now)
  useEffect(() => void (latest.current = now))
  useEffect(() => {
    const close = () => {
      const { document, captionId, isDirty } = latest.current
      if (isDirty) void saveChanges(captionId, document, { isLast: true })
    }
    const goElsewhere = async () => {
      const { document, sent, captionId, isDirty } = latest.current
      if (!isDirty) return
      const revision = (await sent?.result)?.revision
      if (sent?.cues === document.cues && revision !== undefined) return
      const stored = revision === undefined ? {} : { stored: sent!.cues, revision }
      await saveChanges(captionId, { ...document, ...stored })
    }
    window.addEventListener('pagehide', close)
    return () => {
      window.removeEventListener('pagehide', close)
      void goElsewhere()
    }
  }, [])
}
