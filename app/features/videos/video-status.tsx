import { taskStateLabel, taskStateLabels } from '@/app/features/tasks/task-state'
import { describeProgress, describeStart, describeTimeLeft } from '@/app/features/tasks/time-left'
import { DateTime } from '@/app/ui/date-time'
import { RelativeTime } from '@/app/ui/relative-time'
import { getLocale } from '@/lib/i18n/locale'
import type { TaskDto } from '@/lib/tasks/schema'
import { languageName } from '@/lib/videos/languages'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'

/** The state of a video in one line: result, error, progress or queue position. */
export function VideoStatus({ video, task }: { video: VideoDto; task?: TaskDto }) {
  const state = task?.state ?? video.state
  const { deletedAt, purgeAt } = video
  if (deletedAt && purgeAt)
    return (
      <>
        {messages.trashedStatus({
          deletedAt: () => <RelativeTime at={deletedAt} />,
          purgeAt: () => <DateTime at={purgeAt} style="date" />,
        })}
      </>
    )
  if (video.upload) return <>{describeUpload(video)}</>
  if (state === 'failed')
    return (
      <span className="text-destructive">
        {task?.error?.message ?? video.error?.message ?? taskStateLabels.failed()}
      </span>
    )
  if (state === 'done')
    return (
      <>
        {messages.done()}
        {video.height && ` · ${video.width} × ${video.height}`} ·{' '}
        <RelativeTime at={video.finishedAt ?? video.createdAt} />
      </>
    )
  if (state !== 'in_progress' || !task)
    return (
      <>
        {taskStateLabel(task ?? { state, position: null })}
        {withDot(task && describeStart(task))}
      </>
    )
  return (
    <>
      {task.stage ?? taskStateLabels.in_progress()} · {describeProgress(task)}
      {withDot(describeTimeLeft(task))}
    </>
  )
}

const withDot = (text: string | null | undefined) => text && ` · ${text}`

/** How much of an unfinished upload has arrived, in 0 to 1. */
export const uploadProgress = ({ receivedBytes, sizeBytes }: NonNullable<VideoDto['upload']>) =>
  sizeBytes > 0 ? receivedBytes / sizeBytes : 0

/** How much of an unfinished upload has arrived, as text; its client may pause. */
export function describeUpload({ upload, isPlayable }: VideoDto) {
  if (!upload) return null
  const percent = Math.floor(uploadProgress(upload) * 100)
  return isPlayable ? messages.uploadedWatchable({ percent }) : messages.uploadedPercent({ percent })
}

/** Lists the languages of finished captions and the progress of a running transcription. */
export function captionsSummary({ captions }: VideoDto, captionTask?: TaskDto) {
  const languages = [
    ...new Set(
      captions
        .filter((track) => track.state === 'done' && track.cueCount > 0 && track.language !== 'und')
        .map((track) => languageName(track.language)),
    ),
  ]
  const finished =
    languages.length === 0
      ? ''
      : ` · ${messages.captionsIn({ languages: new Intl.ListFormat(getLocale()).format(languages) })}`
  if (captionTask?.state !== 'in_progress') return finished
  return `${finished} · ${captionTask.stage ?? messages.transcribing()} · ${Math.round(captionTask.progress * 100)} %`
}
