import { Link } from '@/app/ui/link'
import type { FolderDto } from '@/lib/folders/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'
import { EditDetailsButton } from './edit-details-button'

interface Props {
  video: Pick<VideoDetailsDto, 'id' | 'description' | 'tags' | 'folderId'>
  folders: readonly FolderDto[]
}

/** What the owner says about a video: description, folder and tags. Rendered by the server. */
export function VideoDetails({ video, folders }: Props) {
  const { id, description, tags, folderId } = video
  const folder = folders.find((one) => one.id === folderId)
  return (
    <section aria-label={messages.about()} className="flex flex-col items-start gap-2">
      {description && (
        <p dir="auto" className="max-w-prose whitespace-pre-line break-words">
          {description}
        </p>
      )}
      <div className="-ms-2.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <EditDetailsButton video={{ id, description, tags, folderId }} />
        {folder && (
          <Link href={`/videos?folder=${folder.id}`} className="hover:underline">
            {folder.name}
          </Link>
        )}
        {tags.map((tag) => (
          <Link
            key={tag}
            href={`/videos?tags=${encodeURIComponent(tag)}`}
            className="text-muted-foreground hover:underline"
          >
            #{tag}
          </Link>
        ))}
      </div>
    </section>
  )
}
