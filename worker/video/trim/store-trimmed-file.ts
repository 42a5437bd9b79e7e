import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import * as messages from '@/lib/generated/messages/trim-tasks'
import { videoKeys } from '@/lib/storage/keys'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import { readWholeChapters } from '@/lib/videos/trim/return-edits'
import { shiftChapters } from '@/lib/videos/trim/shift-chapters'
import { replaceChapters } from '@/lib/videos/trim/swap-trim'
import { requireSandboxFile } from '../../process/sandbox-files'
import { withScratchDir } from '../../runtime/scratch'
import { probeSource } from '../ffmpeg/probe-source'
import { remuxRenditions } from '../remux-renditions'
import type { TrimRun, TrimSource } from './trim-run'

const FILE_NAME = 'trimmed.mp4'

/**
 * Creates the file of the trimmed video, from which later tasks read: its best rendition with all tracks, as an MP4. Nothing of
 * what was cut is in it. Skipped if an earlier run has stored it.
 */
export async function storeTrimmedFile(run: TrimRun, { video, whole, base }: TrimSource) {
  const { db, storage, config } = run.context
  const { trimmedId, ...range } = run.payload
  const trimmed = await db.video.findUniqueOrThrow({ where: { id: trimmedId } })
  if (trimmed.mediaInfo !== null) return
  run.report({ stage: messages.writing(), progress: 0 })
  const renditions = await db.rendition.findMany({
    where: { videoId: trimmedId, extraCodec: null },
    orderBy: { position: 'asc' },
    include: { segments: { orderBy: { index: 'asc' } } },
  })
  const best = renditions.find(({ mode }) => mode !== 'audio')
  const audio = renditions.filter(({ mode }) => mode === 'audio')
  const { metadata } = mediaInfoSchema.parse(base.mediaInfo)
  const chapters = await readWholeChapters(db, { video, whole })
  const { signal } = run
  await withScratchDir(run, async (outputDir) => {
    await remuxRenditions(run, {
      keys: videoKeys(trimmedId),
      renditions: [...(best ? [best] : []), ...audio],
      chapters: shiftChapters(chapters, range),
      metadata,
      outputDir,
      fileName: FILE_NAME,
    })
    const path = await requireSandboxFile(outputDir, FILE_NAME)
    run.report({ stage: messages.inspecting(), progress: 0.6 })
    const { info } = await probeSource({ path, outputDir, signal, memoryBytes: config.MEDIA_MEMORY_BYTES })
    const hash = createHash('sha256')
    await pipeline(createReadStream(path, { highWaterMark: 1024 ** 2 }), hash, { signal })
    const { size: sizeBytes } = await stat(path)
    await storage.moveIn(trimmed.sourceKey, path, { signal })
    await run.write(async (tx) => {
      await replaceChapters(tx, { videoId: trimmedId, chapters, range })
      await tx.video.update({
        where: { id: trimmedId },
        data: {
          sizeBytes,
          sha256: hash.digest('hex'),
          mediaInfo: info,
          durationSeconds: info.durationSeconds,
          hasVideo: info.video !== null,
          width: base.width,
          height: base.height,
          encoder: base.encoder,
          // Downloads name the edit whose chapters they have.
          chaptersEditedAt: video.chaptersEditedAt,
        },
      })
    })
  })
}
