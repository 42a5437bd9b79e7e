import { type CaptionCue, Prisma } from '../../generated/prisma/client'
import { cueWordsSchema } from '../../captions/schema'
import type { TrimRange } from './schema'

type Cue = Pick<CaptionCue, 'startSeconds' | 'endSeconds' | 'text' | 'words'>

/**
 * Returns what a range contains of a cue that crosses its start or end, on the same timeline: without the words that are outside.
 * Without their times, a cue stays if most of it is inside. Null if nothing stays.
 */
export function cutCue<T extends Cue>(cue: T, { startSeconds, endSeconds }: TrimRange) {
  const from = Math.max(cue.startSeconds, startSeconds)
  const to = Math.min(cue.endSeconds, endSeconds)
  const times = { startSeconds: from, endSeconds: to }
  const words = cueWordsSchema.safeParse(cue.words).data ?? []
  if (words.length > 0 && isText(cue.text, words)) {
    const kept = words.filter((word) => word.startSeconds >= startSeconds && word.endSeconds <= endSeconds)
    if (kept.length === 0) return null
    return { ...cue, ...times, text: joinWords(kept), words: kept }
  }
  if (to - from < (cue.endSeconds - cue.startSeconds) / 2) return null
  return { ...cue, ...times, words: null }
}

/** Moves a cue and its words in time. */
export function shiftCue<T extends Cue>(cue: T, bySeconds: number) {
  const shift = <Timed extends { startSeconds: number; endSeconds: number }>(timed: Timed) => ({
    ...timed,
    startSeconds: timed.startSeconds + bySeconds,
    endSeconds: timed.endSeconds + bySeconds,
  })
  const words = cueWordsSchema.safeParse(cue.words).data
  return { ...shift(cue), words: words?.map(shift) ?? null }
}

/** What Prisma stores of the words of a cue. */
export const storedWords = (words: Prisma.JsonValue | undefined) => words ?? Prisma.DbNull

const joinWords = (words: readonly { text: string }[]) =>
  words
    .map(({ text }) => text.trim())
    .join(' ')
    .trim()

const isText = (text: string, words: readonly { text: string }[]) =>
  text.replaceAll(/\s+/g, ' ').trim() === joinWords(words)
