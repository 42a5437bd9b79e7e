import type { Tx } from '../database/db'
import { notFound } from '../errors'

/**
 * Locks a track until `tx` ends, also against workers, which lock it before they add cues. There is none in a video that no
 * page shows, such as the whole file of one that was trimmed after a page had loaded the track.
 * @throws {AppError} caption.not_found
 */
export async function lockCaption(tx: Tx, where: { id: string; ownerId: string }) {
  await tx.$queryRaw`SELECT 1 FROM caption WHERE id = ${where.id}::uuid FOR UPDATE`
  const caption = await tx.caption.findFirst({ where: { ...where, video: { deletedAt: null } } })
  if (!caption) throw notFound('caption')
  return caption
}
