import { lockParts, lockWhole, restartWhole } from '@/lib/tasks/parts'
import { fingerprintError } from '@/lib/tasks/error-fingerprint'
import { type EncodingPayload, whereEncodedBy } from '@/lib/videos/encoded-by'
import { ClaimLost } from '../runtime/claim'
import type { TaskRun } from '../runtime/handler'

const encoderChanged = {
  code: 'video.encoder_changed',
  message: 'The workers use different versions of ffmpeg.',
  advice: 'Retry when all workers have the same version.',
}

/**
 * Removes what another version of ffmpeg has encoded, and restarts the task that the running one is a part of. It
 * fails if this happens in each of its attempts.
 * @throws {ClaimLost} always: the task is canceled
 */
export async function restartEncodes(
  { taskId, context }: Pick<TaskRun<unknown>, 'taskId' | 'context'>,
  payload: EncodingPayload,
): Promise<never> {
  const { db, boss } = context
  await db.$transaction(async (tx) => {
    const { partOfId } = await tx.task.findUniqueOrThrow({ where: { id: taskId } })
    await lockWhole(tx, partOfId!)
    await lockParts(tx, [partOfId!])
    const isRunning = await tx.task.count({ where: { id: taskId, state: 'in_progress' } })
    if (isRunning === 0) return
    const cause = fingerprintError(encoderChanged.message)
    await restartWhole(tx, boss, { wholeId: partOfId!, error: encoderChanged, cause })
    // Devices of two computers may differ, as software does not.
    if (!payload.codec)
      await tx.video.update({ where: { id: payload.videoId }, data: { encoder: 'software' } })
    const where = whereEncodedBy(payload)
    await tx.segment.deleteMany({ where: { rendition: where } })
    await tx.rendition.updateMany({
      where,
      data: { state: 'queued', initSha256: null, progress: 0, segmentBytes: 0 },
    })
  })
  throw new ClaimLost()
}
