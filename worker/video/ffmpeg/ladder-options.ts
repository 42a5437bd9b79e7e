import type { Ladder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'

/** Times in seconds from the start of the media. */
export interface EncodedSegment {
  index: number
  startSeconds: number
  durationSeconds: number
  data: Buffer
}

/** The part of a rendition that earlier runs have stored. */
export interface StoredRendition {
  segments: number
  /** The end of the last segment. */
  endSeconds: number
  isDone: boolean
}

export interface EncodeLadderOptions {
  sourcePath: string
  info: MediaInfo
  ladder: Ladder
  /** By rendition name. */
  stored: Map<string, StoredRendition>
  signal: AbortSignal
  threads: number
  memoryBytes: number
  wallClockMs: number
  /** Called with the init segment of a rendition, before its first segment. */
  onInit(name: string, init: Buffer): Promise<void>
  /** Called with each finished segment; the next one of the rendition follows when the promise resolves. */
  onSegment(name: string, segment: EncodedSegment): Promise<void>
  onRenditionDone(name: string): Promise<void>
  /** `mediaSeconds` of the media are encoded, at `speed` times real time. */
  onProgress(progress: { mediaSeconds: number; speed: number }): void
}
