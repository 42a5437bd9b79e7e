import type { Db, Tx } from '../../database/db'
import type { Video } from '../../generated/prisma/client'
import { selectChapters } from '../chapters'
import { mergeChapters } from './merge-chapters'
import { returnCaptions } from './return-captions'

type Chaptered = Pick<Video, 'id' | 'chaptersEditedAt'>
type Whole = Chaptered & Pick<Video, 'durationSeconds' | 'trimStartSeconds' | 'trimEndSeconds'>

const rangeOf = ({ trimStartSeconds, trimEndSeconds }: Whole) => ({
  startSeconds: trimStartSeconds!,
  endSeconds: trimEndSeconds!,
})

/**
 * Gives the edits of captions and chapters of a trimmed video to the row of its whole file. The caller has locked both. Returns the
 * transcriptions that it needs for tracks which were added.
 */
export async function returnEdits(
  tx: Tx,
  { video, whole }: { video: Chaptered & { ownerId: string }; whole: Whole },
) {
  await tx.$queryRaw`SELECT 1 FROM caption WHERE "videoId" = ${video.id}::uuid ORDER BY id FOR UPDATE`
  const chapters = await readWholeChapters(tx, { video, whole })
  await tx.chapter.deleteMany({ where: { videoId: whole.id } })
  await tx.chapter.createMany({
    data: chapters.map((chapter, index) => ({ ...chapter, index, videoId: whole.id })),
  })
  const { chaptersEditedAt } = video
  await tx.video.update({ where: { id: whole.id }, data: { chaptersEditedAt } })
  const { id, ownerId } = video
  return returnCaptions(tx, { fromId: id, toId: whole.id, ownerId, range: rangeOf(whole) })
}

/** The chapters of the whole file of a video, with those that were edited since it is trimmed. */
export async function readWholeChapters(
  db: Db | Tx,
  { video, whole }: { video: Chaptered; whole: Whole | null },
) {
  const read = ({ id }: Chaptered) => db.chapter.findMany({ where: { videoId: id }, ...selectChapters })
  if (!whole) return read(video)
  const ofWhole = await read(whole)
  if (video.chaptersEditedAt?.getTime() === whole.chaptersEditedAt?.getTime()) return ofWhole
  return mergeChapters({
    whole: ofWhole,
    trimmed: await read(video),
    range: rangeOf(whole),
    wholeSeconds: whole.durationSeconds ?? 0,
  })
}
