import { PermanentError } from '@/lib/errors'
import { thumbnailKey } from '@/lib/storage/keys'
import type { TaskRun } from '../runtime/handler'
import { renderThumbnail } from './ffmpeg/thumbnail'

type Run = Pick<TaskRun<unknown>, 'context' | 'signal' | 'log'>

/** Stores a poster, a JPEG in `outputDir`, and its thumbnail. Lists show the poster if ffmpeg has no encoder for WebP. */
export async function storePoster(run: Run, files: { key: string; poster: string; outputDir: string }) {
  const { key, poster, outputDir } = files
  const { context, signal, log } = run
  const memoryBytes = context.config.MEDIA_MEMORY_BYTES
  try {
    const thumbnail = await renderThumbnail({ sourcePath: poster, outputDir, signal, memoryBytes })
    await context.storage.moveIn(thumbnailKey(key), thumbnail, { signal })
  } catch (err) {
    if (!(err instanceof PermanentError)) throw err
    log.warn({ err }, 'no thumbnail of the poster')
  }
  await context.storage.moveIn(key, poster, { signal })
}
