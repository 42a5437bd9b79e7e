import { AudioLines, Film } from 'lucide-react'
import { formatTimestamp } from '@/app/ui/format'
import { Link } from '@/app/ui/link'
import { Thumbnail } from './thumbnail'
import type { VideoDto } from '@/lib/videos/schema'

/** The poster of a video with its duration, linked to its page. */
export function Poster({ video }: { video: VideoDto }) {
  // The cover of a recording is square, and a video fills the frame.
  const fit = video.hasVideo === false ? 'object-contain' : 'object-cover'
  const Icon = video.hasVideo === false ? AudioLines : Film
  return (
    <Link
      href={`/videos/${video.id}`}
      tabIndex={-1}
      aria-hidden
      className="relative grid aspect-video w-24 shrink-0 place-items-center overflow-hidden rounded-md bg-muted text-muted-foreground sm:w-28"
    >
      {video.urls.poster ? (
        <Thumbnail url={video.urls.poster} className={`size-full ${fit}`} />
      ) : (
        <Icon className="size-5" />
      )}
      {video.durationSeconds !== null && (
        <span className="absolute end-1 bottom-1 rounded bg-black/75 px-1 text-xs text-white tabular-nums">
          {formatTimestamp(video.durationSeconds)}
        </span>
      )}
    </Link>
  )
}
