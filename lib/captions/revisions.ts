import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { checkStorageQuota } from '../uploads/storage-usage'
import { type CaptionCue, Prisma } from '../generated/prisma/client'
import type { CueChange } from './schema'
import { countCues } from './queries'

interface Target {
  db: Db
  id: string
  ownerId: string
}

interface RevisionTarget extends Target {
  /** The revision that the caller knows as the current one. */
  baseRevision: number
  /** The revision to revert or restore. */
  number: number
}

/** A cue as stored in a revision. */
type RevisionCue = Pick<
  CaptionCue,
  | 'id'
  | 'startSeconds'
  | 'endSeconds'
  | 'text'
  | 'confidence'
  | 'words'
  | 'isEdited'
  | 'isRemoved'
  | 'alternative'
>

/**
 * Edits cues and stores the change as a revision that can be reverted. A new transcription preserves edited and removed
 * cues. Returns the number of the revision.
 * @throws {AppError} caption.not_found, storage.quota_exceeded, caption.changed if `baseRevision` is outdated
 */
export async function editCues({ db, id, ownerId, change }: Target & { change: CueChange }) {
  return db.$transaction(async (tx) => {
    await checkStorageQuota(tx, { ownerId, growthBytes: 0 })
    const caption = await lockCaption(tx, { id, ownerId }, change.baseRevision)
    const removedIds = new Set(change.remove)
    const before = await findRevisionCues(tx, id, [...change.put.map((cue) => cue.id), ...removedIds])
    const known = new Map(before.map((cue) => [cue.id, cue]))
    const put = change.put.map((cue): RevisionCue => {
      const earlier = known.get(cue.id)
      const isSameText = earlier?.text === cue.text
      return {
        ...cue,
        confidence: isSameText ? earlier.confidence : null,
        words: isSameText ? earlier.words : null,
        isEdited: true,
        isRemoved: false,
      }
    })
    const removed = before
      .filter((cue) => removedIds.has(cue.id))
      .map((cue): RevisionCue => ({ ...cue, isEdited: true, isRemoved: true }))
    return writeRevision(tx, { caption, authorId: ownerId, before, after: [...put, ...removed] })
  })
}

/**
 * Reverts one revision, as a new revision.
 * @throws {AppError} caption.not_found, revision.not_found, caption.changed if `baseRevision` is outdated or a later
 * revision changed the same cues
 */
export async function revertRevision({ db, id, ownerId, baseRevision, number }: RevisionTarget) {
  return db.$transaction(async (tx) => {
    const caption = await lockCaption(tx, { id, ownerId }, baseRevision)
    const revision = await tx.captionRevision.findUnique({
      where: { captionId_number: { captionId: id, number } },
    })
    if (!revision) throw notFound('revision')
    const before = revision.before as unknown as RevisionCue[]
    const after = revision.after as unknown as RevisionCue[]
    const ids = after.map((cue) => cue.id)
    const current = await findRevisionCues(tx, id, ids)
    const currentById = new Map(current.map((cue) => [cue.id, cue]))
    if (!after.every((cue) => isSameCue(cue, currentById.get(cue.id)))) throw captionChangedError
    const earlierIds = new Set(before.map((cue) => cue.id))
    const added = after.filter((cue) => !earlierIds.has(cue.id))
    const removed = added.map((cue) => ({ ...cue, isEdited: false, isRemoved: true }))
    return writeRevision(tx, { caption, authorId: ownerId, before: current, after: [...before, ...removed] })
  })
}

/**
 * Restores the captions to the state after a revision, or before the first one (0): later edits are reverted by one new
 * revision; later transcriptions are not. Returns the number of the current revision.
 * @throws {AppError} caption.not_found, revision.not_found if it was pruned, caption.changed if `baseRevision` is outdated
 */
export async function restoreRevision({ db, id, ownerId, baseRevision, number }: RevisionTarget) {
  return db.$transaction(async (tx) => {
    const caption = await lockCaption(tx, { id, ownerId }, baseRevision)
    if (number < caption.prunedRevision) throw notFound('revision')
    const wanted = await findCuesAfterRevision(tx, id, number)
    if (wanted.length === 0) return caption.revision
    const ids = wanted.map((cue) => cue.id)
    const before = await findRevisionCues(tx, id, ids)
    return writeRevision(tx, { caption, authorId: ownerId, before, after: wanted })
  })
}

/**
 * The cues that later revisions changed, in their state after a revision: before the first later one that contains them. A
 * cue that it added is removed.
 */
async function findCuesAfterRevision(tx: Tx, captionId: string, number: number) {
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

/** Lists the newest 200 revisions, newest first. @throws {AppError} caption.not_found */
export async function listRevisions({ db, id, ownerId }: Target) {
  if ((await db.caption.count({ where: { id, ownerId } })) === 0) throw notFound('caption')
  // Counted in the database: a revision may hold tens of thousands of cues.
  const rows = await db.$queryRaw<{ number: number; createdAt: Date; changedCues: number }[]>`
    SELECT number, "createdAt", jsonb_array_length("after") AS "changedCues"
    FROM caption_revision WHERE "captionId" = ${id}::uuid ORDER BY number DESC LIMIT 200`
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }))
}

/** Locks a track until `tx` ends, also against workers, which lock it before they add cues. */
async function lockCaption(tx: Tx, where: { id: string; ownerId: string }, baseRevision: number) {
  await tx.$queryRaw`SELECT 1 FROM caption WHERE id = ${where.id}::uuid FOR UPDATE`
  const caption = await tx.caption.findFirst({ where })
  if (!caption) throw notFound('caption')
  if (caption.revision !== baseRevision) throw captionChangedError
  return caption
}

// Not by Prisma, which needs seconds for the largest tracks.
const findRevisionCues = (tx: Tx, captionId: string, ids: string[]) =>
  tx.$queryRaw<RevisionCue[]>`
    SELECT id, "startSeconds", "endSeconds", text, confidence, words, "isEdited", "isRemoved", alternative
    FROM caption_cue WHERE "captionId" = ${captionId}::uuid AND id = ANY (${ids}::uuid[])`

interface NewRevision {
  caption: { id: string; revision: number }
  authorId: string
  before: RevisionCue[]
  after: RevisionCue[]
}

/** Stores a revision and replaces the cues that it changes. */
async function writeRevision(tx: Tx, { caption, authorId, before, after }: NewRevision) {
  const captionId = caption.id
  const number = caption.revision + 1
  await tx.$executeRaw`
    INSERT INTO caption_revision ("captionId", number, "authorId", "before", "after")
    VALUES (${captionId}::uuid, ${number}, ${authorId}, ${JSON.stringify(before)}::jsonb,
      ${JSON.stringify(after)}::jsonb)`
  const changed = Prisma.sql`caption_revision r, jsonb_to_recordset(r."after") AS c (id uuid,
    "startSeconds" float8, "endSeconds" float8, text text, confidence float8, words jsonb, "isEdited" boolean,
    "isRemoved" boolean, alternative text)`
  const isNewRevision = Prisma.sql`r."captionId" = ${captionId}::uuid AND r.number = ${number}`
  await tx.$executeRaw`
    DELETE FROM caption_cue q USING ${changed}
    WHERE ${isNewRevision} AND q.id = c.id AND q."captionId" = r."captionId"`
  const taken = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM ${changed}, caption_cue q WHERE ${isNewRevision} AND q.id = c.id LIMIT 1`
  if (taken.length > 0)
    throw new AppError({
      code: 'cue.id_taken',
      message: 'A cue of another track has this id. Create a new one.',
      status: 409,
    })
  await tx.$executeRaw`
    INSERT INTO caption_cue ("captionId", id, "startSeconds", "endSeconds", text, confidence, words, "isEdited",
      "isRemoved", alternative)
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

const isSameCue = (a: RevisionCue, b?: RevisionCue) =>
  b !== undefined &&
  a.text === b.text &&
  a.startSeconds === b.startSeconds &&
  a.endSeconds === b.endSeconds &&
  a.isRemoved === b.isRemoved

const captionChangedError = new AppError({
  code: 'caption.changed',
  message: 'These captions have changed since you loaded them. Reload them and try again.',
  status: 409,
})
