import type { ChapterDto } from '../chapters'
import type { TrimRange } from './schema'

/** A shorter rest of a chapter is left out. */
const MIN_SECONDS = 0.1

/** Returns what a range contains of chapters, with its start as time 0. */
export const shiftChapters = (chapters: readonly ChapterDto[], { startSeconds, endSeconds }: TrimRange) =>
  chapters.flatMap((chapter) => {
    const from = Math.max(chapter.startSeconds, startSeconds)
    const to = Math.min(chapter.endSeconds, endSeconds)
    if (to - from < MIN_SECONDS) return []
    return [{ ...chapter, startSeconds: from - startSeconds, endSeconds: to - startSeconds }]
  })
