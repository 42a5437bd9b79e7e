import path from 'node:path'
import { sumImageBytes } from '@/lib/videos/count-stored-files'
import { videoKeys } from '@/lib/storage/keys'
import { generateThumbnailsTask } from '@/lib/videos/tasks'
import { loadInspectedVideo, removeFilesIfDeleted, withSourceFile } from '../media/load-video'
import type { TaskHandler } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { generateStoryboard } from './ffmpeg/storyboard'
import { renderPoster } from './render-poster'

/** Generates the poster and, if there is video, the thumbnails of the seek bar. */
export const generateThumbnails: TaskHandler<typeof generateThumbnailsTask> = {
  kind: generateThumbnailsTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { storage, config } = run.context
    const { signal } = run
    const keys = videoKeys(video.id)
    return withSourceFile(run, video, (sourcePath) =>
      withScratchDir(run, async (outputDir) => {
        const options = {
          sourcePath,
          info,
          outputDir,
          signal,
          memoryBytes: config.MEDIA_MEMORY_BYTES,
        }
        run.report({ stage: 'Selecting a poster', progress: 0.1 })
        const { poster, hasCover } = await renderPoster(run, video, options)
        await storage.moveIn(keys.poster, poster, { signal })
        if (info.video) {
          run.report({ stage: 'Generating thumbnails', progress: 0.4 })
          const { sheets, vtt } = await generateStoryboard(options)
          for (const file of sheets)
            await storage.moveIn(keys.storyboardFile(path.basename(file)), file, { signal })
          await storage.put(keys.storyboardFile('storyboard.vtt'), Buffer.from(vtt), { signal })
        }
        const imageBytes = await sumImageBytes(storage, video.id)
        const data = {
          posterKey: keys.poster,
          hasCover,
          storyboardKey: info.video ? keys.storyboard : null,
          imageBytes,
        }
        return { store: async (tx) => void (await tx.video.update({ where: { id: video.id }, data })) }
      }),
    )
  },

  discard: async (run) => void (await removeFilesIfDeleted(run)),
}
