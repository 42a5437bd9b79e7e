import { Download } from 'lucide-react'
import { RenditionList } from './rendition-list'
import { Section } from '@/app/ui/section'
import { TaskList } from '@/app/features/tasks/task-list'
import { formatBytes } from '@/lib/text/format-bytes'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'

/** Below the player: renditions, downloads and tasks. */
export function VideoAside({ video, task, tasks }: { video: VideoDto; task?: TaskDto; tasks: TaskDto[] }) {
  const downloads = [
    { name: 'Original', note: `As uploaded · ${formatBytes(video.sizeBytes)}`, href: video.urls.download },
    ...video.renditions
      .filter((rendition) => rendition.downloadUrl)
      .map((rendition) => ({
        name: rendition.mode === 'copy' ? 'Original' : rendition.name,
        note: 'MP4',
        href: rendition.downloadUrl!,
      })),
  ]
  return (
    <aside
      aria-label="Details"
      className="grid items-start gap-6 sm:grid-cols-2 lg:col-span-2 lg:grid-cols-3"
    >
      {video.renditions.length > 0 && (
        <Section title="Renditions">
          <RenditionList video={video} task={task} />
        </Section>
      )}
      <Section title="Downloads">
        <ul className="divide-y rounded-xl border bg-card">
          {downloads.map(({ name, note, href }) => (
            <li key={href}>
              <a
                href={href}
                download
                className="flex h-10 items-center gap-2.5 px-3.5 hover:bg-muted max-sm:h-11"
              >
                <Download className="size-4 text-muted-foreground" aria-hidden />
                <span className="grow">{name}</span>
                <span className="text-sm text-muted-foreground tabular-nums">{note}</span>
              </a>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Tasks">
        <TaskList tasks={tasks} />
      </Section>
    </aside>
  )
}
