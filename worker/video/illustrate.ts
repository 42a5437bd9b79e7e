import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { illustrateVideo } from '@/lib/videos/kinds'
import type { TaskHandler } from '../handler'
import { makePoster, makeStoryboard, makeWaveform } from './engine/pictures'
import { folderOf, loadInspected, removeIfDeleted, withScratch } from './load'

/** A poster, and thumbnails for the seek bar; for an audio file its waveform. */
export const illustrate: TaskHandler<typeof illustrateVideo> = {
  kind: illustrateVideo,
  async run(run) {
    const { video, sourcePath, info } = await loadInspected(run)
    const { storage, config } = run.context
    return withScratch(run, async (outputDir) => {
      const given = {
        sourcePath,
        info,
        outputDir,
        signal: run.signal,
        memoryBytes: config.MEDIA_MEMORY_BYTES,
      }
      run.report({ stage: 'Choosing a poster', progress: 0.1 })
      await (info.video ? makePoster(given) : makeWaveform(given))
      const posterKey = `${folderOf(video.id)}/poster.jpg`
      await storage.adopt(posterKey, path.join(outputDir, 'poster.jpg'))
      if (info.video) {
        run.report({ stage: 'Making thumbnails', progress: 0.4 })
        await makeStoryboard(given)
        for (const file of await readdir(outputDir))
          await storage.adopt(`${folderOf(video.id)}/storyboard/${file}`, path.join(outputDir, file))
      }
      const storyboardKey = info.video ? `${folderOf(video.id)}/storyboard` : null
      return {
        store: async (tx) =>
          void (await tx.video.update({ where: { id: video.id }, data: { posterKey, storyboardKey } })),
      }
    })
  },

  discard: async (run) => void (await removeIfDeleted(run)),
}
