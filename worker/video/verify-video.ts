import type { Prisma, RenditionMode } from '@/lib/generated/prisma/client'
import { touch } from '@/lib/database/touch'
import { videoKeys } from '@/lib/storage/keys'
import type { Db } from '@/lib/database/db'
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
    })
    const ends = await readEnds(run.context.db, video.id)
    const checks: RenditionCheck[] = []
    await withSourceFile(run, video, async (sourcePath) => {
      for (const [n, rendition] of renditions.entries()) {
        run.report({ stage: `Checking ${rendition.name}`, progress: n / renditions.length })
        // Of one rendition at a time: hours of video have tens of thousands.
        const segments = await run.context.db.segment.findMany({
          where: { renditionId: rendition.id },
          orderBy: { index: 'asc' },
          select: { index: true, startSeconds: true, durationSeconds: true },
        })
        const options = {
          rendition: { ...rendition, segments },
          endSeconds: ends[kindOf(rendition)],
          info,
          sourcePath,
        }
        checks.push(await checkRendition(run, options))
      }
    })
    const isEncoded = (name: string) => renditions.some((one) => one.name === name && one.mode === 'encode')
    const failed = checks
      .filter(({ name, problems }) => problems.length > 0 && isEncoded(name))
      .map(({ name }) => name)
    if (failed.length > 0) {
      run.log.warn({ checks }, 'renditions failed their check')
      // Before their files are gone.
      await run.write((tx) =>
        tx.rendition.updateMany({
          where: { videoId: video.id, name: { in: failed } },
          data: { state: 'failed', downloadKey: null, downloadBytes: null },
        }),
      )
    }
    for (const name of failed) await run.context.storage.removeAll(videoKeys(video.id).download(name))
    return {
      result: { failed },
      store: async (tx) => {
        const proof: Prisma.InputJsonValue = checks
        await tx.video.update({ where: { id: video.id }, data: { proof } })
        await touch(tx, 'video', { id: video.id })
      },
    }
  },
}

const kindOf = ({ mode }: { mode: RenditionMode }) => (mode === 'audio' ? 'audio' : 'video')

/** Where the longest rendition with pictures and the longest one with sound end, in seconds. */
async function readEnds(db: Db, videoId: string) {
  const rows = await db.$queryRaw<{ isAudio: boolean; endSeconds: number }[]>`
    SELECT mode = 'audio' AS "isAudio", max("startSeconds" + "durationSeconds") AS "endSeconds"
    FROM segment JOIN rendition ON rendition.id = "renditionId"
    WHERE "videoId" = ${videoId}::uuid AND "extraCodec" IS NULL GROUP BY 1`
  const find = (isAudio: boolean) => rows.find((row) => row.isAudio === isAudio)?.endSeconds ?? 0
  return { audio: find(true), video: find(false) }
}
