import type { z } from 'zod'
import type { Db } from '../database/db'
import { notFound } from '../errors'
import type { exportCaptionSchema } from './schema'
import { findCues } from './queries'
import { toPlainText, toSubRip, toWebVtt } from './serialize'

const FORMATS = {
  vtt: { type: 'text/vtt', write: toWebVtt },
  srt: { type: 'application/x-subrip', write: toSubRip },
  txt: { type: 'text/plain', write: toPlainText },
}

/**
 * Exports a track as a file, named after its video and language: `Harbour walk.en.srt`.
 * @throws {AppError} caption.not_found
 */
export async function exportCaption(
  db: Db,
  { id, ownerId, format }: { id: string; ownerId: string } & z.infer<typeof exportCaptionSchema>,
) {
  const caption = await db.caption.findFirst({
    where: { id, ownerId },
    include: { video: { select: { title: true } } },
  })
  if (!caption) throw notFound('caption')
  const { type, write } = FORMATS[format]
  const text = write(await findCues(db, id))
  return { filename: `${caption.video.title}.${caption.language}.${format}`, type, text }
}
