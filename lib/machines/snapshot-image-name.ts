import { z } from 'zod'

const PREFIX = 'snapshot-'

/** What a snapshot is called where an image is asked for. */
export const toSnapshotImageName = (id: string) => `${PREFIX}${id}`

/** The snapshot that an image's name means, or null where it means an image of the catalogue. */
export function parseSnapshotImageName(image: string) {
  const id = z.uuid().safeParse(image.startsWith(PREFIX) ? image.slice(PREFIX.length) : '')
  // Its host compares names letter by letter.
  return id.success && id.data === id.data.toLowerCase() ? id.data : null
}
