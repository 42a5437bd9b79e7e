import * as messages from '@/lib/generated/messages/caption-errors'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { checkStorageQuota } from '../uploads/storage-quota'
import { lockCaption } from './lock-caption'
import {
  findCuesAfterRevision,
  findCuesOfSpeaker,
  findRevisionCues,
  type RevisionCue,
  writeRevision,
} from './revision-rows'
import type { CueChange } from './schema'

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

/**
 * Edits cues and stores the change as a revision that can be reverted. A new transcription preserves edited and removed
 * cues. Returns the number of the revision.
 * @throws {AppError} caption.not_found, storage.quota_exceeded, caption.changed if `baseRevision` is outdated
 */
export async function editCues({ db, id, ownerId, change }: Target & { change: CueChange }) {
  return db.$transaction(async (tx) => {
    await checkStorageQuota(tx, { ownerId, growthBytes: 0 })
    const caption = await lockRevision(tx, { id, ownerId }, change.baseRevision)
    const removedIds = new Set(change.remove)
    const before = await findRevisionCues(tx, id, [...change.put.map((cue) => cue.id), ...removedIds])
    const known = new Map(before.map((cue) => [cue.id, cue]))
    const put = change.put.map((cue): RevisionCue => {
      const earlier = known.get(cue.id)
      const isSameText = earlier?.text === cue.text
      return {
        ...cue,
        speaker: cue.speaker === undefined ? (earlier?.speaker ?? null) : cue.speaker,
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
 * Renames a speaker in all cues, as a revision. A new transcription keeps the name. Returns the number of the revision.
 * @throws {AppError} caption.not_found, speaker.not_found, storage.quota_exceeded
 */
export async function renameSpeaker({ db, id, ownerId, from, to }: Target & { from: string; to: string }) {
  return db.$transaction(async (tx) => {
    await checkStorageQuota(tx, { ownerId, growthBytes: 0 })
    const caption = await lockRevision(tx, { id, ownerId })
    const before = await findCuesOfSpeaker(tx, id, from)
    if (before.length === 0) throw notFound('speaker')
    const after = before.map((cue) => ({ ...cue, speaker: to }))
    return writeRevision(tx, { caption, authorId: ownerId, before, after })
  })
}

/**
 * Reverts one revision, as a new revision.
 * @throws {AppError} storage.quota_exceeded, caption.not_found, revision.not_found, caption.changed if `baseRevision` is
 * outdated or a later revision changed the same cues
 */
export async function revertRevision({ db, id, ownerId, baseRevision, number }: RevisionTarget) {
  return db.$transaction(async (tx) => {
    await checkStorageQuota(tx, { ownerId, growthBytes: 0 })
    const caption = await lockRevision(tx, { id, ownerId }, baseRevision)
    const revision = await tx.captionRevision.findUnique({
      where: { captionId_number: { captionId: id, number } },
    })
    if (!revision) throw notFound('revision')
    const before = revision.before as unknown as RevisionCue[]
    const after = revision.after as unknown as RevisionCue[]
    const ids = after.map((cue) => cue.id)
    const current = await findRevisionCues(tx, id, ids)
    const currentById = new Map(current.map((cue) => [cue.id, cue]))
    if (!after.every((cue) => isSameCue(cue, currentById.get(cue.id)))) throw captionChangedError()
    const earlierIds = new Set(before.map((cue) => cue.id))
    const added = after.filter((cue) => !earlierIds.has(cue.id))
    const removed = added.map((cue) => ({ ...cue, isEdited: false, isRemoved: true }))
    return writeRevision(tx, { caption, authorId: ownerId, before: current, after: [...before, ...removed] })
  })
}

/**
 * Restores the captions to the state after a revision, or before the first one (0): later edits are reverted by one new
 * revision; later transcriptions are not. Returns the number of the current revision.
 * @throws {AppError} storage.quota_exceeded, caption.not_found, revision.not_found if it was pruned, caption.changed if
 * `baseRevision` is outdated
 */
export async function restoreRevision({ db, id, ownerId, baseRevision, number }: RevisionTarget) {
  return db.$transaction(async (tx) => {
    await checkStorageQuota(tx, { ownerId, growthBytes: 0 })
    const caption = await lockRevision(tx, { id, ownerId }, baseRevision)
    if (number < caption.prunedRevision) throw notFound('revision')
    const wanted = await findCuesAfterRevision(tx, id, number)
    if (wanted.length === 0) return caption.revision
    const ids = wanted.map((cue) => cue.id)
    const before = await findRevisionCues(tx, id, ids)
    return writeRevision(tx, { caption, authorId: ownerId, before, after: wanted })
  })
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

/** Locks a track whose current revision is `baseRevision`, if that is known. */
async function lockRevision(tx: Tx, where: { id: string; ownerId: string }, baseRevision?: number) {
  const caption = await lockCaption(tx, where)
  if (baseRevision !== undefined && caption.revision !== baseRevision) throw captionChangedError()
  return caption
}

const isSameCue = (a: RevisionCue, b?: RevisionCue) =>
  b !== undefined &&
  a.text === b.text &&
  // Revisions of earlier versions have none.
  (a.speaker ?? null) === b.speaker &&
  a.startSeconds === b.startSeconds &&
  a.endSeconds === b.endSeconds &&
  a.isRemoved === b.isRemoved

const captionChangedError = () =>
  new AppError({
    code: 'caption.changed',
    message: messages.changed(),
    status: 409,
  })
