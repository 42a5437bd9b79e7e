import type { ComponentProps } from 'react'
import { Thumbnail } from '@/app/features/videos/poster/thumbnail'
import { formatTimestamp } from '@/app/ui/format'

interface Props extends ComponentProps<'button'> {
  title: string
  posterUrl: string | null
  durationSeconds: number | null
  /** Beside the duration. */
  note?: string
}

/** A video in the list of a playlist: opens it. */
export const EntryButton = ({ title, posterUrl, durationSeconds, note, ...rest }: Props) => (
  <button type="button" className="flex min-w-0 grow items-center gap-3 rounded-md text-start" {...rest}>
    <span className="grid aspect-video w-16 shrink-0 overflow-hidden rounded bg-muted">
      {posterUrl && <Thumbnail url={posterUrl} className="size-full object-cover" />}
    </span>
    <span className="min-w-0">
      <span dir="auto" className="block truncate">
        {title}
      </span>
      <span className="block text-xs text-muted-foreground tabular-nums">
        {[durationSeconds === null ? null : formatTimestamp(durationSeconds), note]
          .filter((text) => text)
          .join(' · ')}
      </span>
    </span>
  </button>
)
