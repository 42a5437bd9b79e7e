import type { Prisma } from '@/lib/generated/prisma/client'
import { touch } from '@/lib/database/touch'
import { videoKeys } from '@/lib/storage/keys'
import type { RenditionCheck } from '@/lib/videos/proof/schema'
import { verifyVideoTask } from '@/lib/videos/tasks'
import { loadInspectedVideo, withSourceFile } from '../media/load-video'
import type { TaskHandler } from '../runtime/handler'
import { checkRendition } from './check-rendition'

/**
 * Compares samples of the renditions of a video with its source, and withdraws encoded ones that fail: they are listed for
 * viewers and offered as downloads no longer.
 */
export const verifyVideo: TaskHandler<typeof verifyVideoTask> = {
  kind: verifyVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const renditions = await run.context.db.rendition.findMany({
      where: { videoId: video.id, extraCodec: null },
      orderBy: { position: 'asc' },
      include: { segments: { orderBy: { index: 'asc' } } },
    })
    const durationSeconds = video.durationSeconds ?? info.durationSeconds
    const checks: RenditionCheck[] = []
    await withSourceFile(run, video, async (sourcePath) => {
      for (const [n, rendition] of renditions.entries()) {
        run.report({ stage: `Checking ${rendition.name}`, progress: n / renditions.length })
        checks.push(await checkRendition(run, { rendition, info, durationSeconds, sourcePath }))
      }
    })
    const failed = checks.filter(({ problems }) => problems.length > 0).map(({ name }) => name)
    if (failed.length > 0) run.log.warn({ checks }, 'renditions failed their check')
    for (const name of failed) await run.context.storage.removeAll(videoKeys(video.id).download(name))
    return {
      result: { failed },
      store: async (tx) => {
        await tx.rendition.updateMany({
          where: { videoId: video.id, name: { in: failed }, mode: 'encode' },
          data: { state: 'failed', downloadKey: null, downloadBytes: null },
        })
        const proof: Prisma.InputJsonValue = checks
        await tx.video.update({ where: { id: video.id }, data: { proof } })
        await touch(tx, 'video', { id: video.id })
      },
    }
  },
}
