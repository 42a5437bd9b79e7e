import { taskStateLabels } from '@/app/features/tasks/task-state'
import { formatBytes } from '@/lib/text/format-bytes'
import { isExtraCodec } from '@/lib/videos/extra-codecs'
import type { TaskDto } from '@/lib/tasks/schema'
import type { RenditionDto, VideoDto } from '@/lib/videos/schema'
import type { packageVideoTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/videos'
import { renditionLabel } from './renditions'

// Only the server can import the module that defines the kind: it reads the configuration.
const PACKAGE_KIND: typeof packageVideoTask.name = 'video.package'

export interface Download {
  name: string
  /** What the file is, or why it cannot be downloaded yet. */
  note: string
  /** Null while it is not packaged. */
  href: string | null
}

/** The files of a video to download. `tasks` are those of the video. */
export function listDownloads(video: VideoDto, tasks: readonly TaskDto[]): Download[] {
  const packaging = tasks.find((task) => task.kind === PACKAGE_KIND)
  const original = video.upload
    ? { note: messages.downloadUploading(), href: null }
    : video.sha256 === null
      ? { note: messages.downloadImporting(), href: null }
      : { note: describeOriginal(video), href: video.urls.download }
  return [
    { name: messages.original(), ...original },
    ...video.renditions.flatMap((rendition): Download[] => {
      const name = renditionLabel(rendition)
      const format = rendition.mode === 'copy' ? messages.originalQuality() : 'MP4'
      if (rendition.downloadUrl) return [{ name, note: format, href: rendition.downloadUrl }]
      const note = packaging && describePackaging(rendition, packaging)
      return note ? [{ name, note, href: null }] : []
    }),
  ]
}

/** What the file of a video is: of a trimmed one, not the uploaded one. */
function describeOriginal({ isCut, sizeBytes }: VideoDto) {
  const size = formatBytes(sizeBytes)
  return isCut ? messages.asTrimmed({ size }) : messages.asUploaded({ size })
}

/** Undefined if the rendition has no download of its own, or nothing to package yet. */
function describePackaging({ name, mode, codec, state }: RenditionDto, task: TaskDto) {
  const progress = task.detail?.renditions?.find((download) => download.name === name)
  if (isExtraCodec(codec) || state !== 'done' || task.state === 'done' || (mode !== 'encode' && !progress))
    return undefined
  if (task.state !== 'in_progress') return taskStateLabels[task.state]()
  return progress?.state === 'in_progress' ? messages.packaging() : taskStateLabels.queued()
}
