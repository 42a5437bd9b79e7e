import type { ChapterDto } from '@/lib/videos/chapters'
import { type Playhead, useCurrentCueIndex } from './playhead'

/** The title of the chapter at the playhead, in the control bar. */
export function ChapterTitle({
  chapters,
  playhead,
}: {
  chapters: readonly ChapterDto[]
  playhead: Playhead
}) {
  const chapter = chapters[useCurrentCueIndex(playhead, chapters)]
  if (!chapter) return null
  return (
    <span dir="auto" data-testid="current-chapter" title={chapter.title} className="chapter-title">
      {chapter.title}
    </span>
  )
}
