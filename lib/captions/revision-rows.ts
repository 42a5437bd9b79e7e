import * as messages from '@/lib/generated/messages/caption-errors'
import type { Tx } from '../database/db'
import { AppError } from '../errors'
import { type CaptionCue, Prisma } from '../generated/prisma/client'
import { countCues } from './queries'

// In SQL, because Prisma needs seconds for the largest tracks.

/** A cue as stored in a revision. */
export type RevisionCue = Pick<
  CaptionCue,
  | 'id'
  | 'startSeconds'
  | 'endSeconds'
  | 'text'
  | 'speaker'
  | 'confidence'
  | 'words'
  | 'isEdited'
  | 'isRemoved'
  | 'alternative'
>

/** The current cues with these ids. */
export const findRevisionCues = (tx: Tx, captionId: string, ids: string[]) =>
  tx.$queryRaw<RevisionCue[]>`
    SELECT ${revisionColumns} FROM caption_cue WHERE "captionId" = ${captionId}::uuid AND id = ANY (${ids}::uuid[])`

/** All current cues of a track. */
export const findAllCues = (tx: Tx, captionId: string) =>
  tx.$queryRaw<
    RevisionCue[]
  >`SELECT ${revisionColumns} FROM caption_cue WHERE "captionId" = ${captionId}::uuid`

/** Adds cues to a track, whose count the caller updates. */
export const insertCues = (tx: Tx, captionId: string, cues: readonly RevisionCue[]) => tx.$executeRaw`
  INSERT INTO caption_cue ("captionId", ${revisionColumns})
  SELECT ${captionId}::uuid, c.* FROM jsonb_to_recordset(${JSON.stringify(cues)}::jsonb) AS c (${recordColumns})`

/** The current cues of a speaker. */
export const findCuesOfSpeaker = (tx: Tx, captionId: string, speaker: string) =>
  tx.$queryRaw<RevisionCue[]>`
    SELECT ${revisionColumns} FROM caption_cue WHERE "captionId" = ${captionId}::uuid AND speaker = ${speaker}`

const revisionColumns = Prisma.sql`id, "startSeconds", "endSeconds", text, speaker, confidence, words, "isEdited",
  "isRemoved", alternative`

const recordColumns = Prisma.sql`id uuid, "startSeconds" float8, "endSeconds" float8, text text, speaker text,
  confidence float8, words jsonb, "isEdited" boolean, "isRemoved" boolean, alternative text`

/**
 * The cues that later revisions changed, in their state after a revision: before the first later one that contains them. A
 * cue that it added is removed.
 */
export async function findCuesAfterRevision(tx: Tx, captionId: string, number: number) {
  const rows = await tx.$queryRaw<{ cue: RevisionCue }[]>`
    WITH later AS (
      SELECT number, "before", "after" FROM caption_revision
      WHERE "captionId" = ${captionId}::uuid AND number > ${number}
    ), states AS (
      SELECT number, 1 AS rank, cue FROM later, jsonb_array_elements("before") AS cue
      UNION ALL
      SELECT number, 2, cue || '{"isEdited": false, "isRemoved": true}' FROM later, jsonb_array_elements("after") AS cue
    )
    SELECT DISTINCT ON (cue ->> 'id') cue FROM states ORDER BY cue ->> 'id', number, rank`
  return rows.map(({ cue }) => cue)
}

interface NewRevision {
  caption: { id: string; revision: number }
  authorId: string
  before: RevisionCue[]
  after: RevisionCue[]
}

/**
 * Stores a revision, replaces the cues that it changes and prunes old revisions. Returns its number.
 * @throws {AppError} cue.id_taken
 */
export async function writeRevision(tx: Tx, { caption, authorId, before, after }: NewRevision) {
  const captionId = caption.id
  const number = caption.revision + 1
  await tx.$executeRaw`
    INSERT INTO caption_revision ("captionId", number, "authorId", "before", "after")
    VALUES (${captionId}::uuid, ${number}, ${authorId}, ${JSON.stringify(before)}::jsonb,
      ${JSON.stringify(after)}::jsonb)`
  const changed = Prisma.sql`caption_revision r, jsonb_to_recordset(r."after") AS c (${recordColumns})`
  const isNewRevision = Prisma.sql`r."captionId" = ${captionId}::uuid AND r.number = ${number}`
  await tx.$executeRaw`
    DELETE FROM caption_cue q USING ${changed}
    WHERE ${isNewRevision} AND q.id = c.id AND q."captionId" = r."captionId"`
  const taken = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM ${changed}, caption_cue q WHERE ${isNewRevision} AND q.id = c.id LIMIT 1`
  if (taken.length > 0)
    throw new AppError({
      code: 'cue.id_taken',
      message: messages.cueIdTaken(),
      status: 409,
    })
  await tx.$executeRaw`
    INSERT INTO caption_cue ("captionId", id, "startSeconds", "endSeconds", text, speaker, confidence, words,
      "isEdited", "isRemoved", alternative)
    SELECT r."captionId", c.* FROM ${changed} WHERE ${isNewRevision}`
  await tx.caption.update({
    where: { id: captionId },
    data: { revision: number, cueCount: await countCues(tx, captionId) },
  })
  await pruneRevisions(tx, captionId, number)
  return number
}

/** Revisions of a track beyond this many bytes, as stored, are pruned, oldest first. */
const MAX_REVISION_BYTES = 50 * 1024 ** 2

async function pruneRevisions(tx: Tx, captionId: string, newest: number) {
  await tx.$executeRaw`
    WITH sizes AS (
      SELECT number, sum(pg_column_size("before") + pg_column_size("after")) OVER (ORDER BY number DESC) AS bytes
      FROM caption_revision WHERE "captionId" = ${captionId}::uuid
    ), pruned AS (
      DELETE FROM caption_revision r USING sizes s
      WHERE r."captionId" = ${captionId}::uuid AND r.number = s.number AND s.number < ${newest}
        AND s.bytes > ${MAX_REVISION_BYTES}
      RETURNING r.number
    )
    UPDATE caption SET "prunedRevision" = (SELECT max(number) FROM pruned)
    WHERE id = ${captionId}::uuid AND EXISTS (SELECT FROM pruned)`
}
