import { restartWhole } from '@/lib/tasks/parts'
import { fingerprintError } from '@/lib/tasks/error-fingerprint'
import { type EncodingPayload, whereEncodedBy } from '@/lib/videos/encoded-by'
import { NO_SEGMENTS } from '@/lib/videos/segment-totals'
import * as messages from '@/lib/generated/messages/media-errors'
import type { TaskRun } from '../runtime/handler'
import { replaceWhole } from './replace-whole'

const encoderChanged = () => ({
  code: 'video.encoder_changed',
  message: messages.encoderChanged(),
  advice: messages.encoderChangedAdvice(),
})

/**
 * Removes what another version of ffmpeg has encoded, and restarts the task that the running one is a part of. It
 * fails if this happens in each of its attempts.
 * @throws {ClaimLost} always: the task is canceled
 */
export const restartEncodes = (
  run: Pick<TaskRun<unknown>, 'taskId' | 'context'>,
  payload: EncodingPayload,
): Promise<never> =>
  replaceWhole(run, async (tx, wholeId) => {
    const error = encoderChanged()
    const cause = fingerprintError(error.message)
    await restartWhole(tx, run.context.boss, { wholeId, error, cause })
    // Devices of two computers may differ, as software does not.
    if (!payload.codec)
      await tx.video.update({ where: { id: payload.videoId }, data: { encoder: 'software' } })
    const where = whereEncodedBy(payload)
    await tx.segment.deleteMany({ where: { rendition: where } })
    await tx.rendition.updateMany({
      where,
      data: { state: 'queued', initSha256: null, ...NO_SEGMENTS },
    })
  })
