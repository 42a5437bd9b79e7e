import { stat } from 'node:fs/promises'
import { videoKeys } from '@/lib/storage/keys'
import type { MediaInfo } from '@/lib/videos/media-info'
import type { TaskRun } from '../runtime/handler'
import { generatePoster } from './ffmpeg/poster'
import { planRenditions } from './store-inspection'

type Run = TaskRun<{ videoId: string }>

/**
 * Writes the planned renditions of a file that is still received, and what its start shows of it. Its duration and chapters
 * are left to the inspection.
 */
export const storeEarlyInfo = ({ payload: { videoId }, write }: Run, info: MediaInfo) =>
  write(async (tx) => {
    await tx.rendition.createMany({
      data: planRenditions(info).map((rendition) => ({ ...rendition, videoId })),
      skipDuplicates: true,
    })
    await tx.video.update({
      where: { id: videoId },
      data: {
        earlyInfo: info,
        hasVideo: info.video !== null,
        width: info.video?.width,
        height: info.video?.height,
      },
    })
  })

/** Stores a poster by the received part, until that of the whole video replaces it. */
export async function storeEarlyPoster(
  run: Run,
  {
    info,
    playableSeconds,
    ...files
  }: { sourcePath: string; outputDir: string; info: MediaInfo; playableSeconds: number },
) {
  const { signal } = run
  const { storage, config } = run.context
  const received = { ...info, durationSeconds: playableSeconds }
  const options = { ...files, info: received, signal, memoryBytes: config.MEDIA_MEMORY_BYTES }
  const poster = await generatePoster(options)
  const { size: imageBytes } = await stat(poster)
  const { poster: posterKey } = videoKeys(run.payload.videoId)
  await storage.moveIn(posterKey, poster, { signal })
  await run.write((tx) =>
    tx.video.update({ where: { id: run.payload.videoId }, data: { posterKey, imageBytes } }),
  )
}
