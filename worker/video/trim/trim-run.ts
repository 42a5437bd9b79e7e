import type { Rendition, Segment, Video } from '@/lib/generated/prisma/client'
import type { TrimRange } from '@/lib/videos/trim/schema'
import type { TaskRun } from '../../runtime/handler'

export type TrimRun = TaskRun<{ videoId: string; trimmedId: string } & TrimRange>

/** What a trim reads: the whole file, which is that of the video, or of `whole` if it is trimmed already. */
export interface TrimSource {
  video: Video
  whole: Video | null
  base: Video
  /** Has the trimmed files. */
  trimmed: Video
}

/** A rendition of the whole file, with its segments in order. */
export type WholeRendition = Rendition & {
  segments: Segment[]
  /** The first segment that is copied if it is whole. Default: any. */
  copiedFrom?: number
}
