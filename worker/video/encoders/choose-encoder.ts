import { readWorkerEncoders } from '@/lib/cluster/queries'
import type { Video } from '@/lib/generated/prisma/client'
import { chunkKindNames } from '@/lib/videos/tasks'
import { isHardwareEncoder, type VideoEncoder } from '@/lib/videos/video-encoders'
import type { TaskRun } from '../../runtime/handler'
import { switchToSoftware } from './switch-to-software'

/**
 * Returns the encoder of a video, which stays the same for all of its chunks: hardware only if every worker that takes
 * chunks has it. If one of them no longer has it, what it has encoded is removed, and the video continues in software.
 */
export async function chooseEncoder(
  { context, write }: Pick<TaskRun<unknown>, 'context' | 'write'>,
  video: Pick<Video, 'id' | 'encoder'>,
): Promise<VideoEncoder> {
  if (video.encoder === 'software') return 'software'
  const [offered, ...others] = await readWorkerEncoders(context.db, chunkKindNames)
  const common =
    isHardwareEncoder(offered ?? null) && others.length === 0 ? (offered as VideoEncoder) : 'software'
  if (video.encoder === common) return common
  await write(async (tx) => {
    if (video.encoder) await switchToSoftware(tx, video.id)
    else await tx.video.update({ where: { id: video.id }, data: { encoder: common } })
  })
  return video.encoder ? 'software' : common
}
