import { existsSync } from 'node:fs'
import path from 'node:path'

/** Finds a file in the media directory next to the repository, which is not part of it; null if it is absent. */
export function findSharedMedia(name: string) {
  const file = path.resolve(import.meta.dirname, '../../../shared/media', name)
  return existsSync(file) ? file : null
}
