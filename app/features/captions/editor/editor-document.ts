import type { CueDto } from '@/lib/captions/schema'
import { sortCues } from './cue-edits'
import { type Conflict, isSameCue, rebaseCues } from './rebase'

type Cues = readonly CueDto[]

/** A cue before and after a step; null where it did not exist. */
interface CueDelta {
  id: string
  before: CueDto | null
  after: CueDto | null
}

/** One undo step. Consecutive edits of the same burst (typing in one cue) share a step. */
interface UndoStep {
  deltas: CueDelta[]
  burst: string | null
}

export interface EditorDocument {
  /** Including unsaved edits. */
  cues: Cues
  /** As saved on the server, at `revision`. */
  stored: Cues
  revision: number
  past: readonly UndoStep[]
  future: readonly UndoStep[]
  /** Cues changed both here and elsewhere. Nothing is saved until the user resolves them. */
  conflicts: readonly Conflict[]
}

export type DocumentAction =
  | { type: 'edit'; change(cues: Cues): Cues; burst?: string }
  | { type: 'endBurst' }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'saved'; cues: Cues; revision: number }
  | { type: 'remote'; cues: Cues; revision: number }
  | { type: 'resolve'; keep: 'mine' | 'theirs' }

const MAX_STEPS = 500

export const createDocument = ({ cues, revision }: { cues: Cues; revision: number }): EditorDocument => ({
  cues,
  stored: cues,
  revision,
  past: [],
  future: [],
  conflicts: [],
})

export function documentReducer(document: EditorDocument, action: DocumentAction): EditorDocument {
  if (action.type === 'edit') return applyEdit(document, action.change(document.cues), action.burst)
  if (action.type === 'endBurst') return endBurst(document)
  if (action.type === 'undo' || action.type === 'redo') return stepHistory(document, action.type)
  if (action.type === 'saved') return { ...document, stored: action.cues, revision: action.revision }
  if (action.type === 'remote') return mergeRemoteCues(document, action)
  return resolveConflicts(document, action.keep)
}

function mergeRemoteCues(
  document: EditorDocument,
  { cues: theirs, revision }: { cues: Cues; revision: number },
) {
  // The response was sent before the last save.
  if (revision < document.revision) return document
  const { cues, conflicts } = rebaseCues({ base: document.stored, mine: document.cues, theirs })
  const isUnchanged = ({ id }: Conflict) => !conflicts.some((conflict) => conflict.id === id)
  // Open conflicts stay open, with the remote cue updated.
  const open = document.conflicts.filter(isUnchanged).map((conflict) => ({
    ...conflict,
    theirs: theirs.find(({ id }) => id === conflict.id) ?? null,
  }))
  return { ...document, cues, stored: theirs, revision, conflicts: [...open, ...conflicts] }
}

function resolveConflicts(document: EditorDocument, keep: 'mine' | 'theirs'): EditorDocument {
  if (keep === 'mine') return { ...document, conflicts: [] }
  const deltas = document.conflicts.map(({ id, theirs }) => ({ id, before: null, after: theirs }))
  return { ...applyEdit(document, applyDeltas(document.cues, deltas, 'after')), conflicts: [] }
}

function applyEdit(document: EditorDocument, cues: Cues, burst: string | null = null): EditorDocument {
  const sorted = sortCues(cues)
  const deltas = diffCues(document.cues, sorted)
  if (deltas.length === 0) return document
  const last = document.past.at(-1)
  const isSameBurst = burst !== null && last?.burst === burst && document.future.length === 0
  const step = { burst, deltas: isSameBurst ? mergeDeltas(last.deltas, deltas) : deltas }
  const past = [...(isSameBurst ? document.past.slice(0, -1) : document.past), step].slice(-MAX_STEPS)
  return { ...document, cues: sorted, past, future: [] }
}

/** Makes the next edit a new undo step. */
function endBurst(document: EditorDocument): EditorDocument {
  const last = document.past.at(-1)
  if (!last?.burst) return document
  return { ...document, past: [...document.past.slice(0, -1), { ...last, burst: null }] }
}

function stepHistory(document: EditorDocument, direction: 'undo' | 'redo'): EditorDocument {
  const [from, to] = direction === 'undo' ? (['past', 'future'] as const) : (['future', 'past'] as const)
  const step = document[from].at(-1)
  if (!step) return document
  return {
    ...document,
    cues: applyDeltas(document.cues, step.deltas, direction === 'undo' ? 'before' : 'after'),
    [from]: document[from].slice(0, -1),
    [to]: [...document[to], { ...step, burst: null }],
  }
}

function diffCues(before: Cues, after: Cues): CueDelta[] {
  const previous = new Map(before.map((cue) => [cue.id, cue]))
  const deltas: CueDelta[] = []
  for (const cue of after) {
    const earlier = previous.get(cue.id)
    if (!isSameCue(earlier, cue)) deltas.push({ id: cue.id, before: earlier ?? null, after: cue })
    previous.delete(cue.id)
  }
  return [...deltas, ...[...previous.values()].map((cue) => ({ id: cue.id, before: cue, after: null }))]
}

function mergeDeltas(first: CueDelta[], second: CueDelta[]) {
  const all = new Map(first.map((one) => [one.id, one]))
  for (const one of second) all.set(one.id, { ...one, before: (all.get(one.id) ?? one).before })
  return [...all.values()]
}

function applyDeltas(cues: Cues, deltas: readonly CueDelta[], side: 'before' | 'after') {
  const ids = new Set(deltas.map(({ id }) => id))
  return sortCues([...cues.filter(({ id }) => !ids.has(id)), ...deltas.flatMap((one) => one[side] ?? [])])
}
