import type { Ladder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'

/** Times in seconds from the start of the media. */
export interface EncodedSegment {
  index: number
  startSeconds: number
  durationSeconds: number
  data: Buffer
}

/** What encoding a chunk and copying the streams have in common. */
export interface LadderOptions {
  sourcePath: string
  info: MediaInfo
  ladder: Ladder
  /** An abort kills ffmpeg. */
  signal: AbortSignal
  memoryBytes: number
  wallClockMs: number
  /** Whether an earlier run has stored a segment, which is then skipped. */
  isStored(name: string, index: number): boolean
  /** Called with the init segment of a rendition, before its first segment. */
  onInit(name: string, init: Buffer): Promise<void>
  /** Called with each finished segment; the next one of the rendition follows when the promise resolves. */
  onSegment(name: string, segment: EncodedSegment): Promise<void>
}
