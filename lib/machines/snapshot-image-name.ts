import { z } from 'zod'

const PREFIX = 'snapshot-'

/** The image name of a snapshot. */
export const toSnapshotImageName = (id: string) => `${PREFIX}${id}`

/** The snapshot ID in an image name; null for an image of the catalog. */
export function parseSnapshotImageName(image: string) {
  const id = z.uuid().safeParse(image.startsWith(PREFIX) ? image.slice(PREFIX.length) : '')
  // Hosts compare names case-sensitively.
  return id.success && id.data === id.data.toLowerCase() ? id.data : null
}
