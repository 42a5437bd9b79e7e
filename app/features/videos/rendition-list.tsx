import { Check } from 'lucide-react'
import type { TaskDto } from '@/lib/tasks/schema'
import type { RenditionDto, VideoDto } from '@/lib/videos/schema'
import { uniqueTrackNames } from '@/lib/videos/languages'
import { Progress } from '@/app/ui/progress'

/** How far each rendition is, one below the other, with a bar while it is made. */
export function RenditionList({ video, task }: { video: VideoDto; task?: TaskDto }) {
  return (
    <ul aria-label="Renditions" className="divide-y rounded-xl border bg-card">
      {mergeRenditionProgress(video, task).map(({ name, mode, title, isDone, percent }) => (
        <li key={name} data-rung={name} className="px-3.5 py-2">
          <div className="flex items-center justify-between gap-3">
            <span>
              {title}
              {mode === 'copy' && <span className="text-muted-foreground"> · original</span>}
            </span>
            {isDone ? (
              <Check className="size-4 text-primary" aria-label="done" />
            ) : (
              <span className="text-sm text-muted-foreground tabular-nums">{percent} %</span>
            )}
          </div>
          {!isDone && task?.state === 'in_progress' && (
            <div className="pt-1.5 pb-0.5">
              <Progress value={percent / 100} label={`Progress of ${title}`} />
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}

/** The same in one line, pictures only. */
export function RenditionSummary({ video, task }: { video: VideoDto; task?: TaskDto }) {
  const pictures = mergeRenditionProgress(video, task).filter(({ mode }) => mode !== 'audio')
  if (pictures.length === 0) return null
  return (
    <ul
      aria-label="Renditions"
      className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted-foreground tabular-nums"
    >
      {pictures.map(({ name, mode, title, isDone, percent }) => (
        <li key={name} data-rung={name} className="flex items-center gap-1">
          {mode === 'copy' ? `${title} original` : title}
          {isDone ? <Check className="size-3.5 text-primary" aria-label="done" /> : <span>{percent} %</span>}
        </li>
      ))}
    </ul>
  )
}

/** What is stored and what the running task tells, whichever is further. */
function mergeRenditionProgress(video: VideoDto, task?: TaskDto) {
  const live = new Map(task?.detail?.renditions?.map((rung) => [rung.name, rung]))
  const tracks = video.renditions.filter(({ mode }) => mode === 'audio')
  const names = tracks.length > 1 ? uniqueTrackNames(tracks) : []
  return video.renditions.map((rendition) => {
    const now = live.get(rendition.name)
    return {
      name: rendition.name,
      mode: rendition.mode,
      title: renditionLabel(rendition, names[tracks.indexOf(rendition)]),
      isDone: rendition.state === 'done' || now?.state === 'done',
      percent: Math.round(Math.max(rendition.progress, now?.progress ?? 0) * 100),
    }
  })
}

function renditionLabel({ mode, name, height, width }: RenditionDto, sound: string | undefined) {
  if (mode === 'audio') return sound ? `Sound: ${sound}` : 'Sound'
  // A portrait clip is named by its shorter side too.
  return mode === 'copy' && height && width ? `${Math.min(height, width)}p` : name
}
