import { Check } from 'lucide-react'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'
import { mergeRenditionProgress } from './renditions'

/** The progress of each video rendition in one line. */
export function RenditionSummary({ video, task }: { video: VideoDto; task?: TaskDto }) {
  const renditions = mergeRenditionProgress(video, task ? [task] : []).filter(({ mode }) => mode !== 'audio')
  if (renditions.length === 0) return null
  return (
    <ul
      aria-label={messages.renditions()}
      className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted-foreground tabular-nums"
    >
      {renditions.map(({ name, mode, title, isDone, percent }) => (
        <li key={name} data-rendition={name} className="flex items-center gap-1">
          {mode === 'copy' ? messages.originalRendition({ name: title }) : title}
          {isDone ? (
            <Check className="size-3.5 text-primary" aria-label={messages.done()} />
          ) : (
            <span>{percent} %</span>
          )}
        </li>
      ))}
    </ul>
  )
}
