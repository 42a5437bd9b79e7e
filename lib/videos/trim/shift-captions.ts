import { createHash } from 'node:crypto'
import type { Tx } from '../../database/db'
import { uuidV7 } from '../../database/uuid-v7'
import { Prisma } from '../../generated/prisma/client'
import { countCues } from '../../captions/queries'
import { cutCue, shiftCue, storedWords } from './cut-cue'
import type { TrimRange } from './schema'

interface Copy extends TrimRange {
  fromId: string
  toId: string
}

/**
 * Copies the finished caption tracks of a video to another one, whose time 0 is `startSeconds`, without what is outside the range.
 * The copies name their tracks, and their cues have ids by which `returnCaptions` finds those of the whole.
 */
export async function copyShiftedCaptions(tx: Tx, { fromId, toId, ...range }: Copy) {
  const captions = await tx.caption.findMany({
    where: { videoId: fromId, state: 'done' },
    orderBy: { id: 'asc' },
  })
  for (const { id: earlierId, storedBytes: _bytes, ...caption } of captions) {
    const id = uuidV7()
    const { version: _version, ...columns } = caption
    await tx.caption.create({
      data: {
        ...columns,
        noteSource: caption.noteSource ?? Prisma.DbNull,
        id,
        videoId: toId,
        streamIndex: null,
        wholeTrackId: earlierId,
        taskId: null,
        revision: 0,
        prunedRevision: 0,
        doneSeconds: Math.max(0, Math.min(caption.doneSeconds, range.endSeconds) - range.startSeconds),
      },
    })
    await copyInnerCues(tx, { fromId: earlierId, toId: id, ...range })
    await copyCutCues(tx, { fromId: earlierId, toId: id, ...range })
    await tx.caption.update({ where: { id }, data: { cueCount: await countCues(tx, id) } })
  }
}

/** The id of the copy of a cue in a track of a trimmed video. */
export const trimmedCueId = (trackId: string, cueId: string) =>
  createHash('md5')
    .update(trackId + cueId)
    .digest('hex')
    .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

/** The words of a cue, moved in time. */
const shiftedWords = (bySeconds: number) => Prisma.sql`
  CASE WHEN jsonb_typeof(words) = 'array' THEN (
    SELECT coalesce(jsonb_agg(word || jsonb_build_object(
      'startSeconds', (word->>'startSeconds')::float + ${bySeconds}::float,
      'endSeconds', (word->>'endSeconds')::float + ${bySeconds}::float) ORDER BY n), '[]')
    FROM jsonb_array_elements(words) WITH ORDINALITY AS listed(word, n)
  ) END`

/** Moves all cues of a track in time. In SQL, as below. */
export const shiftCues = (tx: Tx, { captionId, bySeconds }: { captionId: string; bySeconds: number }) =>
  tx.$executeRaw`
    UPDATE caption_cue SET "startSeconds" = "startSeconds" + ${bySeconds}::float,
      "endSeconds" = "endSeconds" + ${bySeconds}::float, words = ${shiftedWords(bySeconds)}
    WHERE "captionId" = ${captionId}::uuid`

/** In SQL, because Prisma needs seconds for the largest tracks. */
const copyInnerCues = (tx: Tx, { fromId, toId, startSeconds, endSeconds }: Copy) => tx.$executeRaw`
  INSERT INTO caption_cue (id, "captionId", "startSeconds", "endSeconds", text, speaker, confidence, words, "isEdited",
    "isRemoved", alternative)
  SELECT md5(${toId}::text || id::text)::uuid, ${toId}::uuid, "startSeconds" - ${startSeconds}::float,
    "endSeconds" - ${startSeconds}::float, text, speaker, confidence, ${shiftedWords(-startSeconds)}, "isEdited", "isRemoved", alternative
  FROM caption_cue WHERE "captionId" = ${fromId}::uuid
    AND "startSeconds" >= ${startSeconds}::float AND "endSeconds" <= ${endSeconds}::float`

/** Cues that contain the start or the end of the range. */
async function copyCutCues(tx: Tx, { fromId, toId, ...range }: Copy) {
  const { startSeconds, endSeconds } = range
  const cues = await tx.captionCue.findMany({
    where: {
      captionId: fromId,
      startSeconds: { lt: endSeconds },
      endSeconds: { gt: startSeconds },
      OR: [{ startSeconds: { lt: startSeconds } }, { endSeconds: { gt: endSeconds } }],
    },
  })
  const data = cues.flatMap((cue) => {
    const cut = cutCue(cue, range)
    if (!cut) return []
    const { words, ...shifted } = shiftCue(cut, -startSeconds)
    const id = trimmedCueId(toId, cue.id)
    return [{ ...shifted, words: storedWords(words), id, captionId: toId, alternative: null }]
  })
  await tx.captionCue.createMany({ data })
}
