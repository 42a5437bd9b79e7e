import { needsIndex } from '@/lib/videos/demuxers'
import { readStreams } from './ffprobe'
import { probeMedia } from './probe-media'
import { resolveChapters } from './resolve-chapters'
import { writeIndexedCopy } from './write-indexed-copy'

/**
 * Inspects an uploaded file. If its container has no index, writes a copy that has one to `outputDir` and describes its
 * tracks; `copyPath` is null otherwise. The chapters are those of the uploaded file, on the timeline of the tracks.
 * @throws {PermanentError} as `probeMedia`
 */
export async function probeSource(options: {
  path: string
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
}) {
  const source = await readStreams(options)
  const copy = needsIndex(source.demuxer) ? await writeIndexedCopy({ ...options, source }) : null
  const copyPath = copy?.path ?? null
  const info = await probeMedia({ ...options, source, copyPath, reports: copy?.reports })
  return { info, chapters: resolveChapters(source, info.durationSeconds), copyPath }
}
