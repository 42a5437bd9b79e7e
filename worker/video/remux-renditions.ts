import type { Rendition } from '@/lib/generated/prisma/client'
import type { videoKeys } from '@/lib/storage/keys'
import type { ChapterDto } from '@/lib/videos/chapters'
import type { VideoMetadata } from '@/lib/videos/media-info'
import { isSurround } from '@/lib/videos/surround'
import { readFiles } from '../media/read-files'
import type { TaskRun } from '../runtime/handler'
import { remuxMp4 } from './ffmpeg/remux-mp4'

interface Options {
  keys: ReturnType<typeof videoKeys>
  /** With their stored segments in order. */
  renditions: (Rendition & { segments: { index: number }[] })[]
  chapters: readonly ChapterDto[]
  metadata: VideoMetadata
  outputDir: string
  fileName: string
}

/** Combines stored renditions of one video into one MP4, `fileName` in `outputDir`, without encoding. */
export const remuxRenditions = (
  run: Pick<TaskRun<unknown>, 'context' | 'signal'>,
  { keys, renditions, ...options }: Options,
) =>
  remuxMp4({
    ...options,
    streams: renditions.map(({ name, language, label, channels, frameRate, segments }) => ({
      data: readFiles(run, [keys.init(name), ...segments.map(({ index }) => keys.segment(name, index))]),
      language,
      title: isSurround({ channels }) ? [label, '5.1'].filter(Boolean).join(' · ') : label,
      frameRate,
    })),
    signal: run.signal,
    memoryBytes: run.context.config.MEDIA_MEMORY_BYTES,
  })
