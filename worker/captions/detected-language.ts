import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import type { Db, Tx } from '@/lib/database/db'
import type { Caption } from '@/lib/generated/prisma/client'

/** The language that an unfinished transcription of a track has detected. It applies to the whole video. */
export async function findDetectedLanguage(db: Db | Tx, track: Caption) {
  if (track.isTranslation) return undefined
  if (!track.isReplacing) return track.language === UNKNOWN_LANGUAGE ? undefined : track.language
  const chunk = await db.captionChunk.findFirst({
    where: { captionId: track.id, language: { not: null } },
    orderBy: { startSeconds: 'asc' },
  })
  return chunk?.language ?? undefined
}
