import type { RevisionCue } from '../../captions/revision-rows'
import { uuidV7 } from '../../database/uuid-v7'
import { cutCue, shiftCue } from './cut-cue'
import type { TrimRange } from './schema'
import { trimmedCueId } from './shift-captions'

interface Tracks {
  /** The cues of the track of the whole. */
  whole: readonly RevisionCue[]
  /** Those of its copy, of the id `trackId`, on the timeline of the range. */
  trimmed: readonly RevisionCue[]
  trackId: string
  range: TrimRange
}

/** What becomes of cues of the whole: those in `before` are replaced by those in `after`, on its timeline. */
interface CueChanges {
  before: RevisionCue[]
  after: RevisionCue[]
}

/** Times and words are copied as floating point numbers. */
const SAME_SECONDS = 0.001

/**
 * Finds what users have edited in the copy of a track (`edited`), and what a new transcription has replaced in it (`replaced`).
 * Of a cue that was cut, the words outside of the range stay.
 */
export function mergeCues({ whole, trimmed, trackId, range }: Tracks) {
  const edited: CueChanges = { before: [], after: [] }
  const replaced: CueChanges = { before: [], after: [] }
  const copies = new Map(trimmed.map((cue) => [cue.id, shiftCue(cue, range.startSeconds)]))
  for (const cue of whole) {
    const copied = copyOf(cue, range)
    if (!copied) continue
    const id = trimmedCueId(trackId, cue.id)
    const copy = copies.get(id)
    copies.delete(id)
    if (copy && isSame(copy, copied)) continue
    const changes = copy ? edited : replaced
    changes.before.push(cue)
    if (!copy) changes.after.push(...outerParts(cue, range))
    else if (copy.isRemoved && !isInside(cue, range)) changes.after.push(...keepOuter(cue, copy, range))
    else changes.after.push(joinCue(cue, copy, { copied, range }))
  }
  for (const cue of copies.values()) {
    const changes = cue.isEdited || cue.isRemoved ? edited : replaced
    changes.after.push({ ...cue, id: uuidV7() })
  }
  return { edited, replaced }
}

const isInside = (cue: RevisionCue, { startSeconds, endSeconds }: TrimRange) =>
  cue.startSeconds >= startSeconds && cue.endSeconds <= endSeconds

/** What was copied of a cue, on the timeline of the whole; null if nothing. */
function copyOf(cue: RevisionCue, range: TrimRange): RevisionCue | null {
  if (isInside(cue, range)) return cue
  const overlaps = cue.startSeconds < range.endSeconds && cue.endSeconds > range.startSeconds
  return overlaps ? cutCue(cue, range) : null
}

const isSame = (a: RevisionCue, b: RevisionCue) =>
  a.text === b.text &&
  a.speaker === b.speaker &&
  a.isEdited === b.isEdited &&
  a.isRemoved === b.isRemoved &&
  isSameTime(a.startSeconds, b.startSeconds) &&
  isSameTime(a.endSeconds, b.endSeconds)

const isSameTime = (a: number, b: number) => Math.abs(a - b) < SAME_SECONDS

/** The parts of a cue before and after the range. */
const outerParts = (cue: RevisionCue, { startSeconds, endSeconds }: TrimRange): RevisionCue[] => {
  const before =
    cue.startSeconds < startSeconds ? cutCue(cue, { startSeconds: 0, endSeconds: startSeconds }) : null
  const after =
    cue.endSeconds > endSeconds ? cutCue(cue, { startSeconds: endSeconds, endSeconds: Infinity }) : null
  return [before, after].flatMap((part, n) =>
    part ? [{ ...part, id: n && before ? uuidV7() : cue.id }] : [],
  )
}

/** A removed copy leaves the parts outside of the range. */
function keepOuter(cue: RevisionCue, copy: RevisionCue, range: TrimRange): RevisionCue[] {
  const parts = outerParts(cue, range)
  return parts.length > 0 ? parts.map((part) => ({ ...part, isEdited: true })) : [{ ...copy, id: cue.id }]
}

/** An edited copy, with what was cut of its cue. */
function joinCue(
  cue: RevisionCue,
  copy: RevisionCue,
  { copied, range }: { copied: RevisionCue; range: TrimRange },
): RevisionCue {
  const startsBefore = cue.startSeconds < range.startSeconds
  const endsAfter = cue.endSeconds > range.endSeconds
  const isStart = startsBefore && isSameTime(copy.startSeconds, range.startSeconds)
  const isEnd = endsAfter && isSameTime(copy.endSeconds, range.endSeconds)
  const times = {
    startSeconds: isStart ? cue.startSeconds : copy.startSeconds,
    endSeconds: isEnd ? cue.endSeconds : copy.endSeconds,
  }
  const joined = { ...copy, ...times, id: cue.id }
  if (!startsBefore && !endsAfter) return joined
  if (copy.text === copied.text) return { ...joined, text: cue.text, words: cue.words }
  // Without times of words, all of the text was copied.
  if (copied.text === cue.text) return { ...joined, words: null }
  const outer = outerParts(cue, range)
  const prefix = outer.filter(({ startSeconds }) => startSeconds < range.startSeconds)
  const suffix = outer.filter(({ startSeconds }) => startSeconds >= range.endSeconds)
  const text = [...prefix, copy, ...suffix].map((part) => part.text.trim()).join(' ')
  return { ...joined, text, words: null }
}
