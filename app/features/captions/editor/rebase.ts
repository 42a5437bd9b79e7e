import type { CueChange, CueDto } from '@/lib/captions/schema'
import { sortCues } from './cue-edits'

type Cues = readonly CueDto[]

/** A cue that was changed on both sides, each its own way; null where it was taken out. */
export interface Conflict {
  id: string
  mine: CueDto | null
  theirs: CueDto | null
}

const indexCuesById = (cues: Cues) => new Map(cues.map((cue) => [cue.id, cue]))

/** The same for a person: what an engine thinks of it does not count. */
export const isSameCue = (one: CueDto | undefined, other: CueDto | undefined) =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    one.text === other.text &&
    one.startSeconds === other.startSeconds &&
    one.endSeconds === other.endSeconds &&
    one.alternative === other.alternative)

/** What has to be sent, so that what is stored becomes as it is here. */
export function buildCueChange(stored: Cues, here: Cues): Pick<CueChange, 'put' | 'remove'> {
  const [before, now] = [indexCuesById(stored), indexCuesById(here)]
  return {
    put: here
      .filter((cue) => !isSameCue(before.get(cue.id), cue))
      .map(({ id, startSeconds, endSeconds, text, alternative }) => ({
        id,
        startSeconds,
        endSeconds,
        text,
        alternative,
      })),
    remove: stored.filter((cue) => !now.has(cue.id)).map((cue) => cue.id),
  }
}

/**
 * Brings together what was changed here and elsewhere since `base`. Where both changed the same cue, mine is
 * in `cues`, and the cue is told as a clash.
 */
export function rebaseCues({ base, mine, theirs }: { base: Cues; mine: Cues; theirs: Cues }) {
  const [was, own, other] = [indexCuesById(base), indexCuesById(mine), indexCuesById(theirs)]
  const cues: CueDto[] = []
  const clashes: Conflict[] = []
  for (const id of new Set([...own.keys(), ...other.keys(), ...was.keys()])) {
    const [b, m, t] = [was.get(id), own.get(id), other.get(id)]
    const isMineSame = isSameCue(b, m)
    // What was heard there now goes with a person's words; it does not speak against them.
    const isOnlyHeard = b && m && t && isSameCue(b, { ...t, alternative: b.alternative })
    const kept = isMineSame ? t : isOnlyHeard ? { ...m, alternative: t.alternative } : m
    if (kept) cues.push(kept)
    if (!isMineSame && !isOnlyHeard && !isSameCue(b, t) && !isSameCue(m, t))
      clashes.push({ id, mine: m ?? null, theirs: t ?? null })
  }
  return { cues: sortCues(cues), clashes }
}
