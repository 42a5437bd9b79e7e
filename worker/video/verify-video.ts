import { currentKeys } from '@/lib/storage/keys'
import { verifyVideoTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/video-stages'
import { loadInspectedVideo } from '../media/load-video'
import type { TaskHandler } from '../runtime/handler'
import { checkRenditions, storeChecks } from './check-renditions'

/**
 * Compares samples of the renditions of a video with its source, and withdraws encoded ones that fail: they are listed for
 * viewers and offered as downloads no longer.
 */
export const verifyVideo: TaskHandler<typeof verifyVideoTask> = {
  kind: verifyVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { checks, failed } = await checkRenditions({
      run,
      video,
      info,
      onRendition: (name, progress) => run.report({ stage: messages.checking({ name }), progress }),
    })
    if (failed.length > 0)
      // Before their files are gone.
      await run.write((tx) =>
        tx.rendition.updateMany({
          where: { videoId: video.id, name: { in: failed } },
          data: { state: 'failed', downloadKey: null, downloadBytes: null },
        }),
      )
    for (const name of failed) await run.context.storage.removeAll(currentKeys(video).download(name))
    return {
      result: { failed },
      store: async (tx) => {
        await storeChecks(tx, { videoId: video.id, checks })
      },
    }
  },
}
