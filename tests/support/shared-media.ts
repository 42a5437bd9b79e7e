import { existsSync } from 'node:fs'
import path from 'node:path'

/** A file of the folder of media beside the repository, which is not part of it; null where it is absent. */
export function findSharedMedia(name: string) {
  const file = path.resolve(import.meta.dirname, '../../../shared/media', name)
  return existsSync(file) ? file : null
}
