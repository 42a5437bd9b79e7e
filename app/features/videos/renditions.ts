import type { TaskDto } from '@/lib/tasks/schema'
import { rungLabel } from '@/lib/videos/extra-codecs'
import type { RenditionDto, VideoDto } from '@/lib/videos/schema'
import { describeAudioRenditions } from '@/lib/videos/surround'
import type { compressVideoTask, transcodeVideoTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/videos'

// Only the server can import the modules that define the kinds: they read the configuration.
const ENCODING_KINDS: string[] = [
  'video.transcode' satisfies typeof transcodeVideoTask.name,
  'video.compress' satisfies typeof compressVideoTask.name,
]

/**
 * The progress of each rendition: the higher of what is stored and what the running task among those of the video reports.
 * Encoded ones advance together, so theirs is that of the task: what is stored comes in segments, some seconds later.
 */
export function mergeRenditionProgress(video: VideoDto, tasks: readonly TaskDto[]) {
  const running = new Map(
    tasks
      .filter(({ kind, state }) => state === 'in_progress' && ENCODING_KINDS.includes(kind))
      .flatMap((task) => (task.detail?.renditions ?? []).map((rendition) => ({ ...rendition, task })))
      .map((rendition) => [rendition.name, rendition]),
  )
  const audioNames = describeAudioRenditions(video.renditions.filter(({ mode }) => mode === 'audio'))
  return video.renditions.map((rendition) => {
    const current = running.get(rendition.name)
    return {
      name: rendition.name,
      mode: rendition.mode,
      title: renditionLabel(rendition, audioNames.get(rendition.name)),
      isDone: rendition.state === 'done' || current?.state === 'done',
      /** It will not be finished unless the transcode is retried. */
      isRunning: current !== undefined,
      endedAs: rendition.state === 'failed' || rendition.state === 'canceled' ? rendition.state : null,
      percent: Math.round(
        Math.max(
          rendition.progress,
          current?.progress ?? 0,
          rendition.mode === 'encode' ? (current?.task.progress ?? 0) : 0,
        ) * 100,
      ),
    }
  })
}

/** The name of a rendition, such as "720p" or "720p AV1". `audioName` distinguishes audio tracks. */
export function renditionLabel(rendition: RenditionDto, audioName?: string) {
  const { mode, height, width } = rendition
  if (mode === 'audio') return audioName ? messages.audioTrack({ name: audioName }) : messages.audio()
  // Portrait video is named by its shorter side too.
  return mode === 'copy' && height && width ? `${Math.min(height, width)}p` : rungLabel(rendition)
}
