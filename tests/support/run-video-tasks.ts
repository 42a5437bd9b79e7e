import { captionVideoTask } from '@/lib/captions/tasks'
import {
  copyStreamsTask,
  generateThumbnailsTask,
  packageVideoTask,
  transcodeChunkTask,
  transcodeStartTask,
  transcodeVideoTask,
  verifyVideoTask,
} from '@/lib/videos/tasks'
import type { useCaptionFixture } from './caption-fixture'
import type { useDatabase } from './database'

const KINDS = [
  transcodeVideoTask,
  copyStreamsTask,
  transcodeStartTask,
  transcodeChunkTask,
  generateThumbnailsTask,
  packageVideoTask,
  verifyVideoTask,
]

type Worker = ReturnType<typeof useCaptionFixture>

/** Runs all queued tasks that every uploaded video has, but transcriptions. */
export async function runVideoTasks(worker: Worker): Promise<void> {
  let count = 0
  for (const { name } of KINDS) while (await worker.runNextJob(name)) count++
  if (count > 0) await runVideoTasks(worker)
}

/** Uploads and inspects a file whose speech is not recognized. Returns the id of the video. */
export async function uploadWithoutCaptions(
  { db }: Pick<ReturnType<typeof useDatabase>, 'db'>,
  worker: Worker,
  ...upload: Parameters<Worker['uploadVideo']>
) {
  const id = await worker.uploadVideo(...upload)
  await db.task.deleteMany({ where: { kind: captionVideoTask.name } })
  return id
}
