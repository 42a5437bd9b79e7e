import type { Tx } from '../../database/db'
import type { Video } from '../../generated/prisma/client'
import { describeFile } from '../describe-file'

/** More chapters than any video has. */
const PARKED = 1_000_000

/** Exchanges the files of two videos, and their rows that describe these. The caller has locked both. */
export async function exchangeFiles(tx: Tx, one: Video, other: Video) {
  const [a, b] = [one.id, other.id]
  // Names and indexes are unique in a video, so one side is renamed meanwhile.
  await tx.$executeRaw`UPDATE rendition SET "videoId" = ${b}::uuid, name = '~' || name WHERE "videoId" = ${a}::uuid`
  await tx.$executeRaw`
    UPDATE rendition SET "videoId" = ${a}::uuid WHERE "videoId" = ${b}::uuid AND name NOT LIKE '~%'`
  await tx.$executeRaw`UPDATE rendition SET name = substr(name, 2) WHERE "videoId" = ${b}::uuid`
  await tx.$executeRaw`
    UPDATE chapter SET "videoId" = ${b}::uuid, index = index + ${PARKED} WHERE "videoId" = ${a}::uuid`
  await tx.$executeRaw`UPDATE chapter SET "videoId" = ${a}::uuid WHERE "videoId" = ${b}::uuid AND index < ${PARKED}`
  await tx.$executeRaw`UPDATE chapter SET index = index - ${PARKED} WHERE "videoId" = ${b}::uuid`
  const captions = await tx.caption.findMany({ where: { videoId: a }, select: { id: true } })
  const streams = await tx.caption.findMany({ where: { videoId: b }, select: { id: true } })
  // Of two tracks with the same stream, those of a trimmed file name none.
  await tx.caption.updateMany({ where: idIn(streams), data: { videoId: a } })
  await tx.caption.updateMany({ where: idIn(captions), data: { videoId: b } })
  await tx.video.update({ where: { id: a }, data: describeAll(other) })
  await tx.video.update({ where: { id: b }, data: describeAll(one) })
}

const idIn = (rows: { id: string }[]) => ({ id: { in: rows.map(({ id }) => id) } })

const describeAll = (video: Video) => ({
  ...describeFile(video),
  filesId: video.filesId ?? video.id,
  posterSource: video.posterSource,
  chaptersEditedAt: video.chaptersEditedAt,
})
