import path from 'node:path'
import type { Db, Tx } from '../database/db'
import type { Archive } from '../generated/prisma/client'
import { sanitizeFilename } from '../text/sanitize'
import type { Manifest } from './manifest'

/** A file of an archive: stored, or a caption track to be written as WebVTT. */
export type ArchiveFile = { path: string } & (
  | { key: string; sizeBytes: number }
  | { captionId: string; sizeBytes: null }
)

interface Contents {
  files: ArchiveFile[]
  manifest: Manifest
  /** Of all files; captions by the size of their rows. */
  sizeBytes: number
}

type Options = Pick<Archive, 'ownerId' | 'videoIds' | 'hasOriginals' | 'hasRenditions' | 'hasCaptions'>

/** What an archive contains now. Videos that are gone, or still arriving, are left out. */
export async function listContents(db: Db | Tx, options: Options): Promise<Contents> {
  const { ownerId, videoIds, hasOriginals, hasRenditions, hasCaptions } = options
  const found = await db.video.findMany({
    where: { ownerId, id: { in: videoIds }, sha256: { not: null }, deletedAt: null },
    include: {
      renditions: { where: { downloadKey: { not: null } }, orderBy: { position: 'asc' } },
      captions: { where: { state: 'done', cueCount: { gt: 0 } }, orderBy: { id: 'asc' } },
    },
  })
  // In the order of the request.
  const videos = found.toSorted((a, b) => videoIds.indexOf(a.id) - videoIds.indexOf(b.id))
  const files: ArchiveFile[] = []
  const add = (file: ArchiveFile) => (files.push(file), { path: file.path })
  let captionBytes = 0
  const described = videos.map((video, n) => {
    const folder = `videos/${String(n + 1).padStart(4, '0')}`
    // First: the import adds them to the video that the following file becomes.
    const captions = (hasCaptions ? video.captions : []).map(
      ({ id, language, label, storedBytes }, index) => {
        captionBytes += Number(storedBytes)
        const name = `${index + 1}.${toPathPart(language)}.vtt`
        return {
          ...add({ path: `${folder}/captions/${name}`, captionId: id, sizeBytes: null }),
          language,
          label,
        }
      },
    )
    const original = hasOriginals
      ? {
          ...add({
            path: `${folder}/original/${toPathPart(video.filename)}`,
            key: video.sourceKey,
            sizeBytes: Number(video.sizeBytes),
          }),
          sha256: video.sha256!,
        }
      : null
    const renditions = (hasRenditions ? video.renditions : []).map(({ name, downloadKey, downloadBytes }) =>
      add({
        path: `${folder}/renditions/${name}.mp4`,
        key: downloadKey!,
        sizeBytes: Number(downloadBytes ?? 0n),
      }),
    )
    return { title: video.title, filename: video.filename, original, renditions, captions }
  })
  return {
    files,
    manifest: {
      format: 'meanwhile-archive',
      version: 1,
      createdAt: new Date().toISOString(),
      videos: described,
    },
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), captionBytes),
  }
}

/** A safe name of a file; its extension stays if it is shortened. */
function toPathPart(name: string) {
  const { name: stem, ext } = path.parse(sanitizeFilename(name).replace(/^\.+/, ''))
  return `${stem.slice(0, 150) || 'file'}${ext.slice(0, 10)}`
}
