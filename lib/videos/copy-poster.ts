import { thumbnailKey } from '../storage/keys'
import type { Storage } from '../storage/storage'

/** Copies a poster, and its thumbnail if it has one, to another key. */
export async function copyPoster(
  storage: Storage,
  { from, to, signal }: { from: string; to: string; signal?: AbortSignal },
) {
  const copy = async (source: string, target: string) =>
    storage.put(target, await storage.read(source, { signal }), { signal })
  const thumbnail = thumbnailKey(from)
  if (await storage.stat(thumbnail)) await copy(thumbnail, thumbnailKey(to))
  await copy(from, to)
}
