import { readWorkerEncoders } from '@/lib/cluster/queries'
import type { Video } from '@/lib/generated/prisma/client'
import { chunkKindNames } from '@/lib/videos/tasks'
import { isHardwareEncoder, type VideoEncoder } from '@/lib/videos/video-encoders'
import type { TaskRun } from '../../runtime/handler'

/**
 * Returns the encoder of a video, which stays the same for all of its chunks: hardware only if every worker that takes
 * chunks has it when the first one is planned. A video that an earlier version has begun continues in software.
 */
export async function chooseEncoder(
  { context, write }: Pick<TaskRun<unknown>, 'context' | 'write'>,
  video: Pick<Video, 'id' | 'encoder'>,
): Promise<VideoEncoder> {
  if (video.encoder) return video.encoder as VideoEncoder
  const isBegun =
    (await context.db.rendition.count({
      where: { videoId: video.id, mode: 'encode', extraCodec: null, initKey: { not: null } },
    })) > 0
  const [offered, ...others] = await readWorkerEncoders(context.db, chunkKindNames)
  const isCommon = !isBegun && isHardwareEncoder(offered ?? null) && others.length === 0
  const encoder = isCommon ? (offered as VideoEncoder) : 'software'
  await write((tx) => tx.video.update({ where: { id: video.id }, data: { encoder } }))
  return encoder
}
