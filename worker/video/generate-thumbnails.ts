import path from 'node:path'
import { sumImageBytes } from '@/lib/videos/count-stored-files'
import type { Video } from '@/lib/generated/prisma/client'
import { currentKeys } from '@/lib/storage/keys'
import { generateThumbnailsTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/video-stages'
import { loadInspectedVideo, removeFilesIfDeleted, withSourceFile } from '../media/load-video'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { generateStoryboard } from './ffmpeg/storyboard'
import type { ImageOptions } from './ffmpeg/render-images'
import { renderPoster } from './render-poster'
import { storePoster } from './store-poster'

/** Generates the poster and, if there is video, the thumbnails of the seek bar. */
export const generateThumbnails: TaskHandler<typeof generateThumbnailsTask> = {
  kind: generateThumbnailsTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { storage, config } = run.context
    const { signal } = run
    const keys = currentKeys(video)
    return withSourceFile(run, video, (sourcePath) =>
      withScratchDir(run, async (outputDir) => {
        const options = {
          sourcePath,
          info,
          outputDir,
          signal,
          memoryBytes: config.MEDIA_MEMORY_BYTES,
        }
        const isChosen = video.posterKey !== null && video.posterKey !== keys.poster
        const hasCover = !isChosen && (await createPoster(run, video, options))
        if (info.video) {
          run.report({ stage: messages.generatingThumbnails(), progress: 0.4 })
          const { sheets, vtt } = await generateStoryboard(options)
          for (const file of sheets)
            await storage.moveIn(keys.storyboardFile(path.basename(file)), file, { signal })
          await storage.put(keys.storyboardFile('storyboard.vtt'), Buffer.from(vtt), { signal })
        }
        const imageBytes = await sumImageBytes(storage, video)
        const storyboardKey = info.video ? keys.storyboard : null
        return {
          async store(tx) {
            await tx.video.update({ where: { id: video.id }, data: { storyboardKey, imageBytes } })
            // The owner may have chosen another one meanwhile.
            await tx.video.updateMany({
              where: { id: video.id, OR: [{ posterKey: null }, { posterKey: keys.poster }] },
              data: { posterKey: keys.poster, hasCover },
            })
          },
        }
      }),
    )
  },

  discard: async (run) => void (await removeFilesIfDeleted(run)),
}

/** Returns whether it is the cover art of the file. */
async function createPoster(run: TaskRun<unknown>, video: Video, options: ImageOptions) {
  run.report({ stage: messages.selectingPoster(), progress: 0.1 })
  const { poster, hasCover } = await renderPoster(run, video, options)
  await storePoster(run, { key: currentKeys(video).poster, poster, outputDir: options.outputDir })
  return hasCover
}
