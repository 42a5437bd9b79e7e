import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { generateThumbnailsTask } from '@/lib/videos/tasks'
import type { TaskHandler } from '../runtime/handler'
import { generatePoster, generateStoryboard, generateWaveform } from './ffmpeg/thumbnails'
import { videoPrefix, loadInspectedVideo, removeFilesIfDeleted, withScratchDir } from './load-video'

/** A poster, and thumbnails for the seek bar; for an audio file its waveform. */
export const generateThumbnails: TaskHandler<typeof generateThumbnailsTask> = {
  kind: generateThumbnailsTask,
  async run(run) {
    const { video, sourcePath, info } = await loadInspectedVideo(run)
    const { storage, config } = run.context
    return withScratchDir(run, async (outputDir) => {
      const given = {
        sourcePath,
        info,
        outputDir,
        signal: run.signal,
        memoryBytes: config.MEDIA_MEMORY_BYTES,
      }
      run.report({ stage: 'Selecting a poster', progress: 0.1 })
      await (info.video ? generatePoster(given) : generateWaveform(given))
      const posterKey = `${videoPrefix(video.id)}/poster.jpg`
      await storage.moveIn(posterKey, path.join(outputDir, 'poster.jpg'))
      if (info.video) {
        run.report({ stage: 'Generating thumbnails', progress: 0.4 })
        await generateStoryboard(given)
        for (const file of await readdir(outputDir))
          await storage.moveIn(`${videoPrefix(video.id)}/storyboard/${file}`, path.join(outputDir, file))
      }
      const storyboardKey = info.video ? `${videoPrefix(video.id)}/storyboard` : null
      return {
        store: async (tx) =>
          void (await tx.video.update({ where: { id: video.id }, data: { posterKey, storyboardKey } })),
      }
    })
  },

  discard: async (run) => void (await removeFilesIfDeleted(run)),
}
