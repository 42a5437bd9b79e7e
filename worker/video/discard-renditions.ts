import { chunkKindNames, transcodeVideoTask } from '@/lib/videos/tasks'
import { videoKeys } from '@/lib/storage/keys'
import { removeFilesIfDeleted } from '../media/load-video'
import type { TaskRun } from '../runtime/handler'

/**
 * Removes the segments of unfinished renditions of a canceled transcode, and the chunks that created them: a retry encodes
 * them again. Does nothing if it was retried already. Idempotent.
 */
export async function discardRenditions({
  payload: { videoId },
  context,
}: Pick<TaskRun<{ videoId: string }>, 'payload' | 'context'>) {
  if (await removeFilesIfDeleted({ payload: { videoId }, context })) return
  const unfinished = { videoId, state: { not: 'done' } } as const
  const names = await context.db.$transaction(async (tx) => {
    const [transcode] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM task WHERE "videoId" = ${videoId}::uuid AND kind = ${transcodeVideoTask.name}
        AND state = 'canceled' FOR UPDATE`
    if (!transcode) return []
    await tx.task.deleteMany({
      where: {
        partOfId: transcode.id,
        kind: { in: chunkKindNames },
        state: 'done',
      },
    })
    await tx.segment.deleteMany({ where: { rendition: unfinished } })
    await tx.rendition.updateMany({
      where: unfinished,
      data: { state: 'canceled', progress: 0, initSha256: null, initKey: null, segmentBytes: 0 },
    })
    return tx.rendition.findMany({ where: unfinished, select: { name: true } })
  })
  for (const { name } of names) await context.storage.removeAll(videoKeys(videoId).rendition(name))
}
