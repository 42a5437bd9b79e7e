import type { ChapterDto } from '@/lib/videos/chapters'
import { hasSeekIndex, needsIndex } from '@/lib/videos/demuxers'
import type { MediaInfo } from '@/lib/videos/media-info'
import { type OpenedMedia, withMedia } from './open-media'
import { probeMedia } from './probe-media'
import { resolveChapters } from './resolve-chapters'
import { writeIndexedCopy } from './write-indexed-copy'

interface ProbeSourceOptions {
  path: string
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
  /** Called with what the start of the file shows, if it has an index. */
  onStart?(found: Promise<{ info: MediaInfo; chapters: ChapterDto[] }>): void
}

/**
 * Inspects an uploaded file. If its container has no index, writes a copy that has one to `outputDir` and describes its
 * tracks; `copyPath` is null otherwise. The chapters are those of the uploaded file, on the timeline of the tracks.
 * @throws {PermanentError} as `probeMedia`
 */
export const probeSource = (options: ProbeSourceOptions) =>
  withMedia(options, (media) => probeOpened(options, media))

async function probeOpened({ onStart, ...options }: ProbeSourceOptions, media: OpenedMedia) {
  const { source } = media
  const copy = needsIndex(source.demuxer) ? await writeIndexedCopy({ ...options, source }) : null
  const copyPath = copy?.path ?? null
  const describe = (info: MediaInfo) => ({ info, chapters: resolveChapters(source, info.durationSeconds) })
  const info = await probeMedia({
    ...options,
    media,
    copyPath,
    reports: copy?.reports,
    onStart: onStart && hasSeekIndex(source) ? (start) => onStart(start.then(describe)) : undefined,
  })
  return { ...describe(info), copyPath }
}
