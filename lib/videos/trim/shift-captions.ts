import type { Tx } from '../../database/db'
import { uuidV7 } from '../../database/uuid-v7'
import { type CaptionCue, Prisma } from '../../generated/prisma/client'
import { countCues } from '../../captions/queries'
import { cueWordsSchema } from '../../captions/schema'
import type { TrimRange } from './schema'

interface Copy extends TrimRange {
  fromId: string
  toId: string
}

/** Copies the finished caption tracks of a video to another one, whose time 0 is `startSeconds`, without what is outside the range. */
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

/** In SQL, because Prisma needs seconds for the largest tracks. */
const copyInnerCues = (tx: Tx, { fromId, toId, startSeconds, endSeconds }: Copy) => tx.$executeRaw`
  INSERT INTO caption_cue (id, "captionId", "startSeconds", "endSeconds", text, speaker, confidence, words, "isEdited",
    "isRemoved", alternative)
  SELECT gen_random_uuid(), ${toId}::uuid, "startSeconds" - ${startSeconds}::float, "endSeconds" - ${startSeconds}::float, text,
    speaker, confidence,
    CASE WHEN jsonb_typeof(words) = 'array' THEN (
      SELECT coalesce(jsonb_agg(word || jsonb_build_object(
        'startSeconds', (word->>'startSeconds')::float - ${startSeconds}::float,
        'endSeconds', (word->>'endSeconds')::float - ${startSeconds}::float) ORDER BY n), '[]')
      FROM jsonb_array_elements(words) WITH ORDINALITY AS listed(word, n)
    ) END, "isEdited", "isRemoved", alternative
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
    return cut ? [{ ...cut, id: uuidV7(), captionId: toId, alternative: null }] : []
  })
  await tx.captionCue.createMany({ data })
}

/** Leaves out the words that are outside of the range. Without their times, a cue stays if most of it is inside. */
function cutCue(cue: CaptionCue, { startSeconds, endSeconds }: TrimRange) {
  const from = Math.max(cue.startSeconds, startSeconds)
  const to = Math.min(cue.endSeconds, endSeconds)
  const times = { startSeconds: from - startSeconds, endSeconds: to - startSeconds }
  const words = cueWordsSchema.safeParse(cue.words).data ?? []
  if (words.length > 0 && isText(cue.text, words)) {
    const kept = words.filter((word) => word.startSeconds >= startSeconds && word.endSeconds <= endSeconds)
    if (kept.length === 0) return null
    const shifted = kept.map((word) => ({
      ...word,
      startSeconds: word.startSeconds - startSeconds,
      endSeconds: word.endSeconds - startSeconds,
    }))
    return { ...cue, ...times, text: joinWords(kept), words: shifted }
  }
  if (to - from < (cue.endSeconds - cue.startSeconds) / 2) return null
  return { ...cue, ...times, words: Prisma.DbNull }
}

const joinWords = (words: readonly { text: string }[]) =>
  words
    .map(({ text }) => text.trim())
    .join(' ')
    .trim()

const isText = (text: string, words: readonly { text: string }[]) =>
  text.replaceAll(/\s+/g, ' ').trim() === joinWords(words)
