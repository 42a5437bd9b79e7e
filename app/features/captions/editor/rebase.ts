import type { CueChange, CueDto } from '@/lib/captions/schema'
import { sortCues } from './cue-edits'

type Cues = readonly CueDto[]

/** A cue that was changed differently on both sides; null where it was deleted. */
export interface Conflict {
  id: string
  mine: CueDto | null
  theirs: CueDto | null
}

const indexCuesById = (cues: Cues) => new Map(cues.map((cue) => [cue.id, cue]))

/** Compares what the user can see; the engine's confidence and word times do not count. */
export const isSameCue = (one: CueDto | undefined, other: CueDto | undefined) =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    one.text === other.text &&
    one.speaker === other.speaker &&
    one.startSeconds === other.startSeconds &&
    one.endSeconds === other.endSeconds &&
    one.alternative === other.alternative)

/** Returns the changes that turn the stored cues into the local ones. */
export function buildCueChange(stored: Cues, local: Cues): Pick<CueChange, 'put' | 'remove'> {
  const [storedById, localById] = [indexCuesById(stored), indexCuesById(local)]
  return {
    put: local
      .filter((cue) => !isSameCue(storedById.get(cue.id), cue))
      .map(({ id, startSeconds, endSeconds, text, speaker, alternative }) => ({
        id,
        startSeconds,
        endSeconds,
        text,
        speaker,
        alternative,
      })),
    remove: stored.filter((cue) => !localById.has(cue.id)).map((cue) => cue.id),
  }
}

/**
 * Three-way merge of local and remote changes since `base`. If both sides changed a cue differently, `cues` holds mine
 * and `conflicts` lists it.
 */
export function rebaseCues({ base, mine, theirs }: { base: Cues; mine: Cues; theirs: Cues }) {
  const [baseById, mineById, theirsById] = [indexCuesById(base), indexCuesById(mine), indexCuesById(theirs)]
  const cues: CueDto[] = []
  const conflicts: Conflict[] = []
  for (const id of new Set([...mineById.keys(), ...theirsById.keys(), ...baseById.keys()])) {
    const [b, m, t] = [baseById.get(id), mineById.get(id), theirsById.get(id)]
    const isMineUnchanged = isSameCue(b, m)
    // A new transcription adds an alternative to the user's text, which is not a conflict.
    const isOnlyAlternative = b && m && t && isSameCue(b, { ...t, alternative: b.alternative })
    const merged = isMineUnchanged ? t : isOnlyAlternative ? { ...m, alternative: t.alternative } : m
    if (merged) cues.push(merged)
    if (!isMineUnchanged && !isOnlyAlternative && !isSameCue(b, t) && !isSameCue(m, t))
      conflicts.push({ id, mine: m ?? null, theirs: t ?? null })
  }
  return { cues: sortCues(cues), conflicts }
}
