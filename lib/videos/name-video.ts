import path from 'node:path'
import { sanitizeFilename } from '../text/sanitize'

/** The file name of a video, which is safe in a path, and its first title, by the name of its upload. */
export function nameVideo(uploadName: string) {
  const filename = sanitizeFilename(uploadName) || 'video'
  const title = path
    .parse(filename)
    .name.replaceAll(/[_\s]+/g, ' ')
    .trim()
  return { filename, title: title || 'video' }
}
