import type { Task } from '@/lib/generated/prisma/client'
import { type EncodingPayload, whereEncodedBy } from '@/lib/videos/encoded-by'
import { chunkKindNames, compressChunkTask, compressVideoTask, transcodeVideoTask } from '@/lib/videos/tasks'
import { NO_SEGMENTS } from '@/lib/videos/segment-totals'
import { currentKeys } from '@/lib/storage/keys'
import { removeFilesIfDeleted } from '../media/load-video'
import type { TaskRun } from '../runtime/handler'

/**
 * Removes the segments of unfinished renditions of a canceled transcode or compression, and the chunks that created them:
 * a retry encodes them again. Does nothing if it was retried already. Idempotent.
 */
export async function discardRenditions({
  payload,
  context,
}: Pick<TaskRun<EncodingPayload>, 'payload' | 'context'>) {
  const { videoId, codec } = payload
  if (await removeFilesIfDeleted({ payload, context })) return
  const unfinished = { ...whereEncodedBy(payload), state: { not: 'done' } } as const
  const kind = codec ? compressVideoTask.name : transcodeVideoTask.name
  const names = await context.db.$transaction(async (tx) => {
    // The newest: that of a file which was replaced is canceled too, and its renditions are gone.
    const [whole] = await tx.$queryRaw<Pick<Task, 'id' | 'state'>[]>`
      SELECT id, state FROM task WHERE "videoId" = ${videoId}::uuid AND kind = ${kind}
        AND payload->>'codec' IS NOT DISTINCT FROM ${codec ?? null} ORDER BY id DESC LIMIT 1 FOR UPDATE`
    if (whole?.state !== 'canceled') return []
    await tx.task.deleteMany({
      where: {
        partOfId: whole.id,
        kind: { in: [...chunkKindNames, compressChunkTask.name] },
        state: 'done',
      },
    })
    await tx.segment.deleteMany({ where: { rendition: unfinished } })
    await tx.rendition.updateMany({
      where: unfinished,
      data: { state: 'canceled', initSha256: null, initKey: null, ...NO_SEGMENTS },
    })
    return tx.rendition.findMany({ where: unfinished, select: { name: true } })
  })
  const video = await context.db.video.findUnique({ where: { id: videoId } })
  for (const { name } of names) if (video) await context.storage.removeAll(currentKeys(video).rendition(name))
}
