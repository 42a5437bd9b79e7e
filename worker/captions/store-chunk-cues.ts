import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import { countCues } from '@/lib/captions/queries'
import type { Tx } from '@/lib/database/db'
import type { CaptionChunk, Prisma } from '@/lib/generated/prisma/client'
import type { GeneratedCue } from './build-cues'
import { replaceCues, type TranscribedChunk } from './replace-cues'

/** The track was deleted during its transcription. */
export class CaptionDeleted extends Error {
  constructor() {
    super('the captions were deleted')
    this.name = 'CaptionDeleted'
  }
}

/**
 * Stores the cues of one chunk and moves the position of the track to its end. If the track retains earlier cues for now,
 * these are drafts; else they replace those of an earlier run of the chunk.
 * @throws {CaptionDeleted}
 */
export async function storeChunkCues(
  tx: Tx,
  {
    captionId,
    language,
    ...chunk
  }: TranscribedChunk & {
    captionId: string
    /** As detected; stored if the track has none. */
    language?: string
  },
) {
  const caption = await lockCaption(tx, captionId)
  if (!caption) throw new CaptionDeleted()
  if (caption.isReplacing) {
    await storeDraft(tx, { captionId, language, ...chunk })
    await tx.caption.update({ where: { id: captionId }, data: { doneSeconds: chunk.endSeconds } })
    return
  }
  const haveChanged = await replaceCues(tx, captionId, [chunk])
  await tx.caption.update({
    where: { id: captionId },
    data: {
      language: caption.language === UNKNOWN_LANGUAGE ? language : undefined,
      cueCount: await countCues(tx, captionId),
      doneSeconds: chunk.endSeconds,
      revision: haveChanged ? { increment: 1 } : undefined,
    },
  })
}

/** Replaces the cues of a track by its drafts, and updates what it states about them. Ignores a deleted track. */
export async function publishDrafts(tx: Tx, captionId: string, about: Prisma.CaptionUpdateInput) {
  if (!(await lockCaption(tx, captionId))) return
  const drafts = await tx.captionChunk.findMany({ where: { captionId }, orderBy: { startSeconds: 'asc' } })
  const chunks = drafts.map(toChunk)
  const last = chunks.at(-1)
  // Cues of an earlier transcription may lie beyond the end of the audio.
  if (last) last.endSeconds = AFTER_ANY_CUE_SECONDS
  await replaceCues(tx, captionId, chunks)
  await tx.captionChunk.deleteMany({ where: { captionId } })
  await tx.caption.update({
    where: { id: captionId },
    data: {
      ...about,
      cueCount: await countCues(tx, captionId),
      revision: { increment: 1 },
      isReplacing: false,
    },
  })
}

const AFTER_ANY_CUE_SECONDS = 1e9

async function storeDraft(
  tx: Tx,
  {
    captionId,
    startSeconds,
    endSeconds,
    language,
    cues,
  }: TranscribedChunk & { captionId: string; language?: string },
) {
  const data = { endSeconds, language: language ?? null, cues: cues as unknown as Prisma.InputJsonValue }
  await tx.captionChunk.upsert({
    where: { captionId_startSeconds: { captionId, startSeconds } },
    create: { captionId, startSeconds, ...data },
    update: data,
  })
}

const toChunk = ({ startSeconds, endSeconds, cues }: CaptionChunk): TranscribedChunk => ({
  startSeconds,
  endSeconds,
  cues: cues as unknown as GeneratedCue[],
})

async function lockCaption(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT 1 FROM caption WHERE id = ${id}::uuid FOR UPDATE`
  return tx.caption.findUnique({ where: { id } })
}
