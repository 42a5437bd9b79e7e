import { Download } from 'lucide-react'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'
import { listDownloads } from './downloads'

/** Links to the files of a video; a file that is not packaged yet shows its state instead. */
export function DownloadList({ video, tasks }: { video: VideoDto; tasks: readonly TaskDto[] }) {
  return (
    <ul aria-label={messages.downloads()} className="divide-y rounded-xl border bg-card">
      {listDownloads(video, tasks).map(({ name, note, href }) => {
        const content = (
          <>
            <Download className="size-4 text-muted-foreground" aria-hidden />
            <span className="grow">{name}</span>
            <span className="text-sm text-muted-foreground tabular-nums">{note}</span>
          </>
        )
        const layout = 'flex h-10 items-center gap-2.5 px-3.5 max-sm:h-11'
        return (
          <li key={href ?? name}>
            {href ? (
              <a href={href} download className={`${layout} hover:bg-muted`}>
                {content}
              </a>
            ) : (
              <span className={`${layout} text-muted-foreground`}>{content}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
