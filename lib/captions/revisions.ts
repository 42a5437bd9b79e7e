import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { checkStorageQuota } from '../uploads/storage-usage'
import type { CaptionCue, Prisma } from '../generated/prisma/client'
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
    const ids = [...change.put.map((cue) => cue.id), ...change.remove]
    const before = await findRevisionCues(tx, id, ids)
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
      .filter((cue) => change.remove.includes(cue.id))
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
    const findById = (cues: RevisionCue[], { id: cueId }: RevisionCue) => cues.find((cue) => cue.id === cueId)
    if (!after.every((cue) => isSameCue(cue, findById(current, cue)))) throw captionChangedError
    const added = after.filter((cue) => !findById(before, cue))
    const removed = added.map((cue) => ({ ...cue, isEdited: false, isRemoved: true }))
    return writeRevision(tx, { caption, authorId: ownerId, before: current, after: [...before, ...removed] })
  })
}

/**
 * Restores the captions to the state after a revision, or before the first one (0): later edits are reverted by one new
 * revision; later transcriptions are not. Returns the number of the current revision.
 * @throws {AppError} caption.not_found, caption.changed if `baseRevision` is outdated
 */
export async function restoreRevision({ db, id, ownerId, baseRevision, number }: RevisionTarget) {
  return db.$transaction(async (tx) => {
    const caption = await lockCaption(tx, { id, ownerId }, baseRevision)
    const since = await tx.captionRevision.findMany({
      where: { captionId: id, number: { gt: number } },
      orderBy: { number: 'desc' },
    })
    const wanted = new Map<string, RevisionCue>()
    for (const { before, after } of since) {
      // A cue that the revision added is removed; others are restored to their state before it.
      for (const cue of after as unknown as RevisionCue[])
        wanted.set(cue.id, { ...cue, isEdited: false, isRemoved: true })
      for (const cue of before as unknown as RevisionCue[]) wanted.set(cue.id, cue)
    }
    if (wanted.size === 0) return caption.revision
    const before = await findRevisionCues(tx, id, [...wanted.keys()])
    return writeRevision(tx, { caption, authorId: ownerId, before, after: [...wanted.values()] })
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

/** Locks a track until `tx` ends, also against workers, which lock it before they add cues. */
async function lockCaption(tx: Tx, where: { id: string; ownerId: string }, baseRevision: number) {
  await tx.$queryRaw`SELECT 1 FROM caption WHERE id = ${where.id}::uuid FOR UPDATE`
  const caption = await tx.caption.findFirst({ where })
  if (!caption) throw notFound('caption')
  if (caption.revision !== baseRevision) throw captionChangedError
  return caption
}

const REVISION_CUE_FIELDS = {
  id: true,
  startSeconds: true,
  endSeconds: true,
  text: true,
  confidence: true,
  words: true,
  isEdited: true,
  isRemoved: true,
  alternative: true,
} satisfies Prisma.CaptionCueSelect

const findRevisionCues = (tx: Tx, captionId: string, ids: string[]): Promise<RevisionCue[]> =>
  tx.captionCue.findMany({ where: { captionId, id: { in: ids } }, select: REVISION_CUE_FIELDS })

interface NewRevision {
  caption: { id: string; revision: number }
  authorId: string
  before: RevisionCue[]
  after: RevisionCue[]
}

async function writeRevision(tx: Tx, { caption, authorId, before, after }: NewRevision) {
  const captionId = caption.id
  const ids = after.map((cue) => cue.id)
  await tx.captionCue.deleteMany({ where: { captionId, id: { in: ids } } })
  if ((await tx.captionCue.count({ where: { id: { in: ids } } })) > 0)
    throw new AppError({
      code: 'cue.id_taken',
      message: 'A cue of another track has this id. Create a new one.',
      status: 409,
    })
  await tx.captionCue.createMany({
    data: after.map((cue) => ({ ...cue, words: cue.words ?? undefined, captionId })),
  })
  const number = caption.revision + 1
  await tx.captionRevision.create({
    data: {
      captionId,
      number,
      authorId,
      before: before as unknown as Prisma.InputJsonValue,
      after: after as unknown as Prisma.InputJsonValue,
    },
  })
  await tx.caption.update({
    where: { id: captionId },
    data: { revision: number, cueCount: await countCues(tx, captionId) },
  })
  return number
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
