import { videoKeys } from '@/lib/storage/keys'
import { removeFilesIfDeleted } from '../media/load-video'
import type { TaskRun } from '../runtime/handler'

/** Removes the segments of unfinished renditions. Idempotent. */
export async function discardRenditions({
  payload: { videoId },
  context,
}: Pick<TaskRun<{ videoId: string }>, 'payload' | 'context'>) {
  if (await removeFilesIfDeleted({ payload: { videoId }, context })) return
  const unfinished = { videoId, state: { not: 'done' } } as const
  await context.db.$transaction(async (tx) => {
    await tx.segment.deleteMany({ where: { rendition: unfinished } })
    await tx.rendition.updateMany({
      where: unfinished,
      data: { state: 'canceled', progress: 0, initSha256: null, initKey: null, segmentBytes: 0 },
    })
  })
  for (const { name } of await context.db.rendition.findMany({ where: unfinished }))
    await context.storage.removeAll(videoKeys(videoId).rendition(name))
}
