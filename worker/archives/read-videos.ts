import { buffer } from 'node:stream/consumers'
import {
  MANIFEST_NAME,
  manifestSchema,
  type ManifestVideo,
  MAX_MANIFEST_BYTES,
  newerManifestSchema,
} from '@/lib/archives/manifest'
import { MAX_SUBTITLE_BYTES, subtitleFileTooLargeError } from '@/lib/captions/import-file'
import { PermanentError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/archive-errors'
import { type ArchiveEntry, damagedError } from './open-archive'
import type { SkipReport } from './skip-report'
import type { ArchivedVideo } from './store-archived-video'

/** Of captions that wait for their video. An export writes those of one video before it. */
const MAX_HELD_BYTES = 2 * MAX_SUBTITLE_BYTES

/**
 * The videos of an archive with the file that each becomes, and the captions before it.
 * @throws {PermanentError} archive.damaged, .newer_version or .no_videos
 */
export async function* readVideos(
  entries: AsyncGenerator<ArchiveEntry>,
  skipped: SkipReport,
): AsyncGenerator<ArchivedVideo> {
  const first = await entries.next()
  if (first.done || first.value.name !== MANIFEST_NAME) throw damagedError(messages.noList())
  if (first.value.sizeBytes > MAX_MANIFEST_BYTES) throw damagedError(messages.listTooLarge())
  const { videos } = parseManifest(await buffer(first.value))
  for (const { title } of videos.filter((video) => !hasMedia(video))) skipped.addVideo(title)
  if (!videos.some(hasMedia)) throw noVideosError()
  // By path. Each may occur once.
  const expected = new Map(videos.flatMap(listFiles))
  const captionsOf = new Map<ManifestVideo, ArchivedVideo['captions']>()
  let heldBytes = 0
  for await (const entry of entries) {
    const file = expected.get(entry.name)
    if (!file) throw damagedError(messages.unlistedFiles())
    expected.delete(entry.name)
    const { video, caption, isSource } = file
    const { sizeBytes } = entry
    if (isSource) {
      const captions = captionsOf.get(video) ?? []
      yield { video, entry, captions }
      captionsOf.delete(video)
      for (const { bytes } of captions) heldBytes -= bytes.length
    } else if (caption && sizeBytes <= MAX_SUBTITLE_BYTES && heldBytes + sizeBytes <= MAX_HELD_BYTES) {
      captionsOf.set(video, [...(captionsOf.get(video) ?? []), { ...caption, bytes: await buffer(entry) }])
      heldBytes += sizeBytes
    } else {
      if (caption) skipped.addCaptions(entry.name, subtitleFileTooLargeError())
      for await (const _ of entry);
    }
  }
  if (expected.size > 0) throw damagedError(messages.missingFiles())
}

const hasMedia = ({ original, renditions }: ManifestVideo) => original !== null || renditions.length > 0

interface ListedFile {
  video: ManifestVideo
  /** Unless it has no video to belong to. */
  caption?: ManifestVideo['captions'][number]
  /** Whether it becomes the video: the original, or the best download where there is none. */
  isSource: boolean
}

function listFiles(video: ManifestVideo): [path: string, file: ListedFile][] {
  const { original, renditions, captions } = video
  const media = [...(original ? [original] : []), ...renditions]
  return [
    ...captions.map((caption): [string, ListedFile] => [
      caption.path,
      { video, caption: hasMedia(video) ? caption : undefined, isSource: false },
    ]),
    ...media.map(({ path }, n): [string, ListedFile] => [path, { video, isSource: n === 0 }]),
  ]
}

/** @throws {PermanentError} archive.damaged or .newer_version */
function parseManifest(bytes: Buffer) {
  let manifest: unknown
  try {
    manifest = JSON.parse(bytes.toString())
  } catch (cause) {
    throw damagedError(messages.notOfMeanwhile(), cause)
  }
  if (newerManifestSchema.safeParse(manifest).success)
    throw new PermanentError({
      code: 'archive.newer_version',
      message: messages.newerVersion(),
      advice: messages.newerVersionAdvice(),
    })
  const { data, error } = manifestSchema.safeParse(manifest)
  if (!data) throw damagedError(messages.notOfMeanwhile(), error)
  return data
}

const noVideosError = () =>
  new PermanentError({
    code: 'archive.no_videos',
    message: messages.captionsOnly(),
    advice: messages.captionsOnlyAdvice(),
  })
