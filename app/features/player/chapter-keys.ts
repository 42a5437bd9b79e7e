import type { KeyboardEvent } from 'react'
import type { ChapterDto } from '@/lib/videos/chapters'
import { findCueIndex, type Playhead } from './playhead'

/** Before so many seconds of a chapter, "previous" is the chapter before it; later, its own start. */
const RESTART_SECONDS = 3

/** Where the next chapter starts; null in the last one. */
export const findNextStart = (chapters: readonly ChapterDto[], seconds: number) =>
  chapters[findCueIndex(chapters, seconds) + 1]?.startSeconds ?? null

/** Where the chapter, or the one before it, starts; 0 in the first one. */
export const findPreviousStart = (chapters: readonly ChapterDto[], seconds: number) =>
  chapters[findCueIndex(chapters, seconds - RESTART_SECONDS)]?.startSeconds ?? 0

/** Handles Shift with an arrow key. The player would seek by ten seconds. */
export function handleChapterKey(
  event: KeyboardEvent,
  { chapters, playhead }: { chapters: readonly ChapterDto[]; playhead: Playhead },
) {
  const isArrow = event.key === 'ArrowLeft' || event.key === 'ArrowRight'
  if (!isArrow || !event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return
  if (chapters.length === 0) return
  event.preventDefault()
  event.stopPropagation()
  const find = event.key === 'ArrowRight' ? findNextStart : findPreviousStart
  const start = find(chapters, playhead.seconds())
  if (start !== null) playhead.seek(start)
}
