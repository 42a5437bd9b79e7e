import type { CueDto } from '@/lib/captions/schema'
import { sortCues } from './cue-edits'
import { type Conflict, isSameCue, rebaseCues } from './rebase'

type Cues = readonly CueDto[]

/** How one cue was before a step, and is after it; null where it was not there. */
interface CueDelta {
  id: string
  before: CueDto | null
  after: CueDto | null
}

/** What one undo takes back. Steps of one burst (typing in one cue) are one. */
interface UndoStep {
  touched: CueDelta[]
  burst: string | null
}

export interface EditorDocument {
  /** As they are here. */
  cues: Cues
  /** As they are stored, in `revision`. */
  stored: Cues
  revision: number
  past: readonly UndoStep[]
  future: readonly UndoStep[]
  /** Changed here and elsewhere; nothing is stored until a person has chosen. */
  clashes: readonly Conflict[]
}

export type DocumentAction =
  | { type: 'edit'; change(cues: Cues): Cues; burst?: string }
  | { type: 'pause' }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'stored'; cues: Cues; revision: number }
  | { type: 'elsewhere'; cues: Cues; revision: number }
  | { type: 'choose'; keep: 'mine' | 'theirs' }

const MAX_STEPS = 500

export const createDocument = ({ cues, revision }: { cues: Cues; revision: number }): EditorDocument => ({
  cues,
  stored: cues,
  revision,
  past: [],
  future: [],
  clashes: [],
})

export function documentReducer(document: EditorDocument, action: DocumentAction): EditorDocument {
  if (action.type === 'edit') return applyEdit(document, action.change(document.cues), action.burst)
  if (action.type === 'pause') return endBurst(document)
  if (action.type === 'undo' || action.type === 'redo') return stepHistory(document, action.type)
  if (action.type === 'stored') return { ...document, stored: action.cues, revision: action.revision }
  if (action.type === 'elsewhere') return mergeRemoteCues(document, action)
  return resolveConflicts(document, action.keep)
}

function mergeRemoteCues(
  document: EditorDocument,
  { cues: theirs, revision }: { cues: Cues; revision: number },
) {
  // Read before what is stored by now.
  if (revision < document.revision) return document
  const { cues, clashes } = rebaseCues({ base: document.stored, mine: document.cues, theirs })
  const isNew = ({ id }: Conflict) => !clashes.some((clash) => clash.id === id)
  // What waits for a choice already waits on, with what it is elsewhere now.
  const waiting = document.clashes.filter(isNew).map((clash) => ({
    ...clash,
    theirs: theirs.find(({ id }) => id === clash.id) ?? null,
  }))
  return { ...document, cues, stored: theirs, revision, clashes: [...waiting, ...clashes] }
}

function resolveConflicts(document: EditorDocument, keep: 'mine' | 'theirs'): EditorDocument {
  if (keep === 'mine') return { ...document, clashes: [] }
  const touched = document.clashes.map(({ id, theirs }) => ({ id, before: null, after: theirs }))
  return { ...applyEdit(document, applyDeltas(document.cues, touched, 'after')), clashes: [] }
}

function applyEdit(document: EditorDocument, cues: Cues, burst: string | null = null): EditorDocument {
  const sorted = sortCues(cues)
  const touched = diffCues(document.cues, sorted)
  if (touched.length === 0) return document
  const last = document.past.at(-1)
  const isSameBurst = burst !== null && last?.burst === burst && document.future.length === 0
  const step = isSameBurst ? { burst, touched: mergeDeltas(last.touched, touched) } : { burst, touched }
  const past = [...(isSameBurst ? document.past.slice(0, -1) : document.past), step].slice(-MAX_STEPS)
  return { ...document, cues: sorted, past, future: [] }
}

/** What is typed from now on is a step of its own. */
function endBurst(document: EditorDocument): EditorDocument {
  const last = document.past.at(-1)
  if (!last?.burst) return document
  return { ...document, past: [...document.past.slice(0, -1), { ...last, burst: null }] }
}

function stepHistory(document: EditorDocument, way: 'undo' | 'redo'): EditorDocument {
  const [from, to] = way === 'undo' ? (['past', 'future'] as const) : (['future', 'past'] as const)
  const step = document[from].at(-1)
  if (!step) return document
  return {
    ...document,
    cues: applyDeltas(document.cues, step.touched, way === 'undo' ? 'before' : 'after'),
    [from]: document[from].slice(0, -1),
    [to]: [...document[to], { ...step, burst: null }],
  }
}

function diffCues(before: Cues, after: Cues): CueDelta[] {
  const was = new Map(before.map((cue) => [cue.id, cue]))
  const touched: CueDelta[] = []
  for (const cue of after) {
    const earlier = was.get(cue.id)
    if (!isSameCue(earlier, cue)) touched.push({ id: cue.id, before: earlier ?? null, after: cue })
    was.delete(cue.id)
  }
  return [...touched, ...[...was.values()].map((cue) => ({ id: cue.id, before: cue, after: null }))]
}

function mergeDeltas(first: CueDelta[], second: CueDelta[]) {
  const all = new Map(first.map((one) => [one.id, one]))
  for (const one of second) all.set(one.id, { ...one, before: (all.get(one.id) ?? one).before })
  return [...all.values()]
}

function applyDeltas(cues: Cues, touched: readonly CueDelta[], side: 'before' | 'after') {
  const ids = new Set(touched.map(({ id }) => id))
  return sortCues([...cues.filter(({ id }) => !ids.has(id)), ...touched.flatMap((one) => one[side] ?? [])])
}
