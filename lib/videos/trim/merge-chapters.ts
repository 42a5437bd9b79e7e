import type { ChapterDto } from '../chapters'
import type { TrimRange } from './schema'

/** A chapter that starts earlier is the rest of one of the whole. */
const REST_SECONDS = 0.1

interface Chapters {
  whole: readonly ChapterDto[]
  /** On the timeline of the range. */
  trimmed: readonly ChapterDto[]
  range: TrimRange
  wholeSeconds: number
}

/**
 * Returns the chapters of a whole video with those that were edited while it was trimmed: in the range they are the edited ones,
 * and outside of it as before. Each ends where the next one starts.
 */
export function mergeChapters({ whole, trimmed, range, wholeSeconds }: Chapters): ChapterDto[] {
  const { startSeconds, endSeconds } = range
  const before = whole.filter((chapter) => chapter.startSeconds < startSeconds)
  const after = whole.filter((chapter) => chapter.startSeconds >= endSeconds)
  const inside = trimmed.map((chapter) => ({ ...chapter, startSeconds: chapter.startSeconds + startSeconds }))
  const cut = before.at(-1)
  const isRest =
    cut && cut.endSeconds > startSeconds && inside[0] && inside[0].startSeconds < startSeconds + REST_SECONDS
  const merged = isRest
    ? [...before.slice(0, -1), { ...cut, title: inside[0]!.title }, ...inside.slice(1), ...after]
    : [...before, ...inside, ...after]
  return merged.map((chapter, n) => ({
    ...chapter,
    endSeconds: merged[n + 1]?.startSeconds ?? wholeSeconds,
  }))
}
