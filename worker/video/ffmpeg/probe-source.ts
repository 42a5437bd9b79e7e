import { needsIndex } from '@/lib/videos/demuxers'
import { readStreams } from './ffprobe'
import { probeMedia } from './probe-media'
import { writeIndexedCopy } from './write-indexed-copy'

/**
 * Inspects an uploaded file. If its container has no index, writes a copy that has one to `outputDir` and describes its
 * tracks; `copyPath` is null otherwise.
 * @throws {PermanentError} as `probeMedia`
 */
export async function probeSource(options: {
  path: string
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
}) {
  const source = await readStreams(options)
  const copyPath = needsIndex(source.demuxer) ? await writeIndexedCopy({ ...options, source }) : null
  return { info: await probeMedia({ ...options, source, copyPath }), copyPath }
}
