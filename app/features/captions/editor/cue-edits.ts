import type { CueDto } from '@/lib/captions/schema'
import { escapeRegExp } from '../find-in-cues'

/** What a person changes of a cue. */
export type CuePatch = Partial<Pick<CueDto, 'text' | 'startSeconds' | 'endSeconds' | 'alternative'>>

const MIN_CUE_SECONDS = 0.05
const NEW_CUE_SECONDS = 2

export const sortCues = (cues: readonly CueDto[]) =>
  cues.toSorted((one, other) => one.startSeconds - other.startSeconds || one.endSeconds - other.endSeconds)

const roundToMs = (seconds: number) => Math.round(seconds * 1000) / 1000

/** A cue as a person has changed it. What an engine said of other words does not hold for these. */
export function updateCue(cue: CueDto, changes: CuePatch): CueDto {
  const next = { ...cue, ...changes, isEdited: true }
  next.startSeconds = roundToMs(Math.max(0, next.startSeconds))
  next.endSeconds = roundToMs(Math.max(next.endSeconds, next.startSeconds + MIN_CUE_SECONDS))
  if (next.text === cue.text) return next
  return { ...next, words: null, confidence: null }
}

/** Moves one end of a cue to a time; the other stays, and the cue keeps some length. */
export const moveCueStart = (cue: CueDto, seconds: number) =>
  updateCue(cue, { startSeconds: Math.min(seconds, cue.endSeconds - MIN_CUE_SECONDS) })
export const moveCueEnd = (cue: CueDto, seconds: number) =>
  updateCue(cue, { endSeconds: Math.max(seconds, cue.startSeconds + MIN_CUE_SECONDS) })

/**
 * Cuts a cue in two before character `at`. The cut in time is where the next word was heard, else by the share
 * of the text. Null where one of the halves would be empty.
 */
export function splitCue(cue: CueDto, at: number, newId: string): [CueDto, CueDto] | null {
  const [head, tail] = [cue.text.slice(0, at).trim(), cue.text.slice(at).trim()]
  if (head === '' || tail === '') return null
  const wordsBefore = head.split(/\s+/).length
  const heard = cue.words?.[wordsBefore]?.startSeconds
  const share = head.length / (head.length + tail.length)
  const guess = cue.startSeconds + (cue.endSeconds - cue.startSeconds) * share
  const cut = heard !== undefined && heard > cue.startSeconds && heard < cue.endSeconds ? heard : guess
  return [
    updateCue(cue, { text: head, endSeconds: cut, alternative: null }),
    updateCue({ ...cue, id: newId }, { text: tail, startSeconds: cut, alternative: null }),
  ]
}

/** Two cues as one, from the start of the first to the end of the later. */
export const mergeCues = (one: CueDto, next: CueDto) =>
  updateCue(one, {
    text: [one.text, next.text].filter(Boolean).join(' '),
    endSeconds: Math.max(one.endSeconds, next.endSeconds),
    alternative: null,
  })

/** An empty cue from `startSeconds` on, short enough to end before `next` begins. */
export function createCue(id: string, startSeconds: number, next?: CueDto): CueDto {
  const room = (next?.startSeconds ?? Number.POSITIVE_INFINITY) - startSeconds
  const seconds = room > MIN_CUE_SECONDS ? Math.min(NEW_CUE_SECONDS, room) : NEW_CUE_SECONDS
  return {
    id,
    startSeconds: roundToMs(startSeconds),
    endSeconds: roundToMs(startSeconds + seconds),
    text: '',
    confidence: null,
    words: null,
    isEdited: true,
    alternative: null,
  }
}

/** Where `text` stands in the cues, in order, whatever its case unless it matters. */
export function findTextMatches(
  cues: readonly CueDto[],
  { text, isCaseKept }: { text: string; isCaseKept: boolean },
) {
  if (text === '') return []
  const pattern = new RegExp(escapeRegExp(text), isCaseKept ? 'gu' : 'giu')
  return cues.flatMap((cue) =>
    [...cue.text.matchAll(pattern)].map(({ 0: found, index }) => ({
      cueId: cue.id,
      from: index,
      to: index + found.length,
    })),
  )
}

export type TextMatch = ReturnType<typeof findTextMatches>[number]

/** Writes `by` in all those places. */
export function replaceMatches(cues: readonly CueDto[], places: readonly TextMatch[], by: string) {
  const byCue = Map.groupBy(places, ({ cueId }) => cueId)
  return cues.map((cue) => {
    const own = byCue.get(cue.id)
    if (!own) return cue
    const text = own.reduceRight((now, { from, to }) => now.slice(0, from) + by + now.slice(to), cue.text)
    return updateCue(cue, { text })
  })
}
