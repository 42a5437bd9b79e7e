import type { Tx } from '@/lib/database/db'
import { touch } from '@/lib/database/touch'
import { NO_SEGMENTS } from '@/lib/videos/segment-totals'
import { chunkKindNames } from '@/lib/videos/tasks'

/** Removes what hardware has encoded of a video, whose remaining encodes are done in software. Copied streams stay. */
export async function switchToSoftware(tx: Tx, videoId: string) {
  const encoded = { videoId, mode: 'encode', extraCodec: null } as const
  await tx.video.update({ where: { id: videoId }, data: { encoder: 'software' } })
  await tx.task.deleteMany({ where: { videoId, kind: { in: chunkKindNames }, state: 'done' } })
  await tx.segment.deleteMany({ where: { rendition: encoded } })
  await tx.rendition.updateMany({
    where: encoded,
    data: { state: 'queued', initSha256: null, initKey: null, ...NO_SEGMENTS },
  })
  await touch(tx, 'video', { id: videoId })
}
