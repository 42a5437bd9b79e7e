import { escapeRegExp } from '@/lib/captions/phrase-pattern'
import { roundToMs } from '@/lib/captions/round-to-ms'
import type { CueDto } from '@/lib/captions/schema'

/** The fields of a cue that the user can change. */
export type CuePatch = Partial<
  Pick<CueDto, 'text' | 'speaker' | 'startSeconds' | 'endSeconds' | 'alternative'>
>

const MIN_CUE_SECONDS = 0.05
const NEW_CUE_SECONDS = 2

export const sortCues = (cues: readonly CueDto[]) =>
  cues.toSorted((one, other) => one.startSeconds - other.startSeconds || one.endSeconds - other.endSeconds)

/** Returns the cue with the changes applied. A new text drops the engine's word times and confidence. */
export function updateCue(cue: CueDto, changes: CuePatch): CueDto {
  const next = { ...cue, ...changes, isEdited: true }
  next.startSeconds = roundToMs(Math.max(0, next.startSeconds))
  next.endSeconds = roundToMs(Math.max(next.endSeconds, next.startSeconds + MIN_CUE_SECONDS))
  if (next.text === cue.text) return next
  return { ...next, words: null, confidence: null }
}

/** Moves one end of a cue; the other stays, and the cue keeps `MIN_CUE_SECONDS`. */
export const moveCueStart = (cue: CueDto, seconds: number) =>
  updateCue(cue, { startSeconds: Math.min(seconds, cue.endSeconds - MIN_CUE_SECONDS) })
export const moveCueEnd = (cue: CueDto, seconds: number) =>
  updateCue(cue, { endSeconds: Math.max(seconds, cue.startSeconds + MIN_CUE_SECONDS) })

/**
 * Splits a cue before character `at`. The time is split at the start of the next word, or else in proportion to the
 * text. Returns null if one half would be empty.
 */
export function splitCue(cue: CueDto, at: number, newId: string): [CueDto, CueDto] | null {
  const [head, tail] = [cue.text.slice(0, at).trim(), cue.text.slice(at).trim()]
  if (head === '' || tail === '') return null
  const wordsBefore = head.split(/\s+/).length
  const wordStart = cue.words?.[wordsBefore]?.startSeconds
  const share = head.length / (head.length + tail.length)
  const estimate = cue.startSeconds + (cue.endSeconds - cue.startSeconds) * share
  const hasWordStart = wordStart !== undefined && wordStart > cue.startSeconds && wordStart < cue.endSeconds
  const cut = hasWordStart ? wordStart : estimate
  return [
    updateCue(cue, { text: head, endSeconds: cut, alternative: null }),
    updateCue({ ...cue, id: newId }, { text: tail, startSeconds: cut, alternative: null }),
  ]
}

/** Joins two cues, from the start of the first to the later end. */
export const mergeCues = (one: CueDto, next: CueDto) =>
  updateCue(one, {
    text: [one.text, next.text].filter(Boolean).join(' '),
    endSeconds: Math.max(one.endSeconds, next.endSeconds),
    alternative: null,
  })

/** Creates an empty cue at `startSeconds` that ends before `next` starts. */
export function createCue(id: string, startSeconds: number, next?: CueDto): CueDto {
  const availableSeconds = (next?.startSeconds ?? Number.POSITIVE_INFINITY) - startSeconds
  const seconds =
    availableSeconds > MIN_CUE_SECONDS ? Math.min(NEW_CUE_SECONDS, availableSeconds) : NEW_CUE_SECONDS
  return {
    id,
    startSeconds: roundToMs(startSeconds),
    endSeconds: roundToMs(startSeconds + seconds),
    text: '',
    speaker: null,
    confidence: null,
    words: null,
    isEdited: true,
    alternative: null,
  }
}

/** Returns every occurrence of the literal `text` in the cues, in order. */
export function findTextMatches(
  cues: readonly CueDto[],
  { text, isCaseSensitive }: { text: string; isCaseSensitive: boolean },
) {
  if (text === '') return []
  const pattern = new RegExp(escapeRegExp(text), isCaseSensitive ? 'gu' : 'giu')
  return cues.flatMap((cue) =>
    [...cue.text.matchAll(pattern)].map(({ 0: match, index }) => ({
      cueId: cue.id,
      from: index,
      to: index + match.length,
    })),
  )
}

export type TextMatch = ReturnType<typeof findTextMatches>[number]

/** Replaces every match with the literal `replacement`. */
export function replaceMatches(cues: readonly CueDto[], matches: readonly TextMatch[], replacement: string) {
  const byCue = Map.groupBy(matches, ({ cueId }) => cueId)
  return cues.map((cue) => {
    const cueMatches = byCue.get(cue.id)
    if (!cueMatches) return cue
    // From the end, so that earlier offsets stay valid.
    const text = cueMatches.reduceRight(
      (current, { from, to }) => current.slice(0, from) + replacement + current.slice(to),
      cue.text,
    )
    return updateCue(cue, { text })
  })
}
