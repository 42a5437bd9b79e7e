import type { TaskDto } from '@/lib/tasks/schema'
import { uniqueTrackNames } from '@/lib/videos/languages'
import type { RenditionDto, VideoDto } from '@/lib/videos/schema'

/** The higher of the stored progress of each rendition and that of the running task. */
export function mergeRenditionProgress(video: VideoDto, task?: TaskDto) {
  const running = new Map(
    task?.state === 'in_progress'
      ? task.detail?.renditions?.map((rendition) => [rendition.name, rendition])
      : [],
  )
  const audioTracks = video.renditions.filter(({ mode }) => mode === 'audio')
  const audioNames = audioTracks.length > 1 ? uniqueTrackNames(audioTracks) : []
  return video.renditions.map((rendition) => {
    const current = running.get(rendition.name)
    return {
      name: rendition.name,
      mode: rendition.mode,
      title: renditionLabel(rendition, audioNames[audioTracks.indexOf(rendition)]),
      isDone: rendition.state === 'done' || current?.state === 'done',
      /** It will not be finished unless the transcode is retried. */
      endedAs: rendition.state === 'failed' || rendition.state === 'canceled' ? rendition.state : null,
      percent: Math.round(Math.max(rendition.progress, current?.progress ?? 0) * 100),
    }
  })
}

/** The name of a rendition, such as "720p". `audioName` distinguishes audio tracks. */
export function renditionLabel({ mode, name, height, width }: RenditionDto, audioName?: string) {
  if (mode === 'audio') return audioName ? `Audio: ${audioName}` : 'Audio'
  // Portrait video is named by its shorter side too.
  return mode === 'copy' && height && width ? `${Math.min(height, width)}p` : name
}
