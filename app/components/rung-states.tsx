import { Check } from 'lucide-react'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'

/** How far each rendition of the picture is. */
export function RungStates({ video, task }: { video: VideoDto; task?: TaskDto }) {
  const live = new Map(task?.detail?.renditions?.map((rung) => [rung.name, rung]))
  const rungs = video.renditions.filter((rendition) => rendition.mode !== 'audio')
  if (rungs.length === 0) return null
  return (
    <ul aria-label="Renditions" className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft tabular-nums">
      {rungs.map((rung) => {
        const now = live.get(rung.name)
        const isDone = rung.state === 'done' || now?.state === 'done'
        const share = Math.round(Math.max(rung.progress, now?.progress ?? 0) * 100)
        return (
          <li key={rung.name} data-rung={rung.name} className="flex items-center gap-1">
            {rung.mode === 'copy' ? `${rung.height}p original` : rung.name}
            {isDone ? <Check className="size-3.5 text-accent" aria-label="done" /> : <span>{share} %</span>}
          </li>
        )
      })}
    </ul>
  )
}
