'use client'

import { useRef } from 'react'
import { useAutoScroll } from '@/app/features/captions/transcript/use-auto-scroll'
import { type Playhead, useCurrentCueIndex } from '@/app/features/player/playhead'
import { Button } from '@/app/ui/button'
import { formatTimestamp } from '@/app/ui/format'
import { Section } from '@/app/ui/section'
import type { ChapterDto } from '@/lib/videos/chapters'
import * as messages from '@/lib/generated/messages/chapters'

interface Props {
  chapters: readonly ChapterDto[]
  playhead: Playhead
  /** Undefined for viewers, who cannot edit them. */
  onEdit?(): void
}

/** The chapters of a video. Selecting one seeks to its start; the one that plays is marked and kept in view. */
export function ChapterList({ chapters, playhead, onEdit }: Props) {
  const container = useRef<HTMLDivElement>(null)
  const currentIndex = useCurrentCueIndex(playhead, chapters)
  const timeWidth = (chapters.at(-1)?.startSeconds ?? 0) < 3600 ? 'w-9' : 'w-14'
  const { resume } = useAutoScroll(container, String(currentIndex))
  return (
    <Section
      title={messages.title()}
      aside={
        <span className="flex items-center gap-3 text-xs text-muted-foreground">
          <span className="max-sm:hidden">{messages.keysHint()}</span>
          {onEdit && (
            <Button size="sm" variant="ghost" onClick={onEdit}>
              {messages.edit()}
            </Button>
          )}
        </span>
      }
    >
      <div
        ref={container}
        className="relative max-h-64 overflow-y-auto overscroll-contain rounded-xl border bg-card p-1.5"
      >
        <ol aria-label={messages.title()}>
          {chapters.map(({ startSeconds, title }, n) => (
            <li key={startSeconds}>
              <button
                type="button"
                data-cue={n}
                aria-current={n === currentIndex ? 'true' : undefined}
                onClick={() => {
                  playhead.seek(startSeconds)
                  resume()
                }}
                className="flex w-full gap-3 rounded-md px-2.5 py-1.5 text-start -outline-offset-2 transition-colors duration-150 hover:bg-muted aria-[current]:bg-primary/10 max-sm:py-2.5"
              >
                <span
                  className={`${timeWidth} shrink-0 pt-px text-end text-sm text-muted-foreground tabular-nums`}
                >
                  {formatTimestamp(Math.floor(startSeconds))}
                </span>
                <span dir="auto" className="min-w-0 break-words">
                  {title}
                </span>
              </button>
            </li>
          ))}
        </ol>
      </div>
    </Section>
  )
}
