import { thumbnailKey } from '@/lib/storage/keys'
import type { TaskRun } from '../runtime/handler'

/** Copies a poster, and its thumbnail if it has one, to another key. */
export async function copyPoster(
  { context: { storage }, signal }: Pick<TaskRun<unknown>, 'context' | 'signal'>,
  keys: { from: string; to: string },
) {
  const copy = async (from: string, to: string) =>
    storage.put(to, await storage.read(from, { signal }), { signal })
  const thumbnail = thumbnailKey(keys.from)
  if (await storage.stat(thumbnail)) await copy(thumbnail, thumbnailKey(keys.to))
  await copy(keys.from, keys.to)
}
