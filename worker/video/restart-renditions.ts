import { touch } from '@/lib/database/touch'
import { type EncodingPayload, whereEncodedBy } from '@/lib/videos/encoded-by'
import type { TaskRun } from '../runtime/handler'

/** Restarts the renditions that ended with a failed or canceled run of this task. */
export const restartRenditions = ({ payload, write }: Pick<TaskRun<EncodingPayload>, 'payload' | 'write'>) =>
  write(async (tx) => {
    const { count } = await tx.rendition.updateMany({
      where: { ...whereEncodedBy(payload), state: { in: ['failed', 'canceled'] } },
      data: { state: 'queued' },
    })
    if (count > 0) await touch(tx, 'video', { id: payload.videoId })
  })
