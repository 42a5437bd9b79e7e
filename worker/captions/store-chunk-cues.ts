import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import { countCues } from '@/lib/captions/queries'
import type { Tx } from '@/lib/database/db'
import type { CaptionChunk, Prisma } from '@/lib/generated/prisma/client'
import { findDetectedLanguage } from './detected-language'
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
 * Records that a chunk is transcribed, and stores its cues: in the track, or apart if it retains its earlier cues for now.
 * Returns the language of the track if it is known.
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
  await recordChunk(tx, { captionId, language, ...chunk, cues: caption.isReplacing ? chunk.cues : [] })
  const haveChanged = !caption.isReplacing && (await replaceCues(tx, captionId, [chunk]))
  const isLanguageKnown = caption.isReplacing || caption.language !== UNKNOWN_LANGUAGE
  const updated = await tx.caption.update({
    where: { id: captionId },
    data: {
      language: isLanguageKnown ? undefined : language,
      cueCount: await countCues(tx, captionId),
      doneSeconds: await findDoneSeconds(tx, captionId),
      revision: haveChanged ? { increment: 1 } : undefined,
    },
  })
  return findDetectedLanguage(tx, updated)
}

/** Replaces the cues of a track by those stored apart, and updates what it states about them. Ignores a deleted track. */
export async function publishChunks(tx: Tx, captionId: string, about: Prisma.CaptionUpdateInput) {
  if (!(await lockCaption(tx, captionId))) return
  const rows = await tx.captionChunk.findMany({ where: { captionId }, orderBy: { startSeconds: 'asc' } })
  const chunks = rows.map(toTranscribedChunk)
  const last = chunks.at(-1)
  // Cues of an earlier transcription may lie beyond the end of the audio.
  if (last) last.endSeconds = AFTER_ANY_CUE_SECONDS
  await replaceCues(tx, captionId, chunks)
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

/** Removes the chunks of a track and their cues. Ignores a deleted track. */
export async function discardChunks(
  tx: Tx,
  { captionId, language }: { captionId: string; /** Default: remains. */ language?: string },
) {
  if (!(await lockCaption(tx, captionId))) return
  await replaceCues(tx, captionId, [{ startSeconds: 0, endSeconds: AFTER_ANY_CUE_SECONDS, cues: [] }])
  await tx.captionChunk.deleteMany({ where: { captionId } })
  const cueCount = await countCues(tx, captionId)
  await tx.caption.update({
    where: { id: captionId },
    data: { language, cueCount, doneSeconds: 0, revision: { increment: 1 } },
  })
}

/** Replaces the cues of a time range of a track that is complete up to `doneSeconds`. @throws {CaptionDeleted} */
export async function storeReplacedCues(
  tx: Tx,
  { captionId, chunk, doneSeconds }: { captionId: string; chunk: TranscribedChunk; doneSeconds: number },
) {
  if (!(await lockCaption(tx, captionId))) throw new CaptionDeleted()
  const haveChanged = await replaceCues(tx, captionId, [chunk])
  await tx.caption.update({
    where: { id: captionId },
    data: {
      state: 'in_progress',
      cueCount: await countCues(tx, captionId),
      doneSeconds,
      revision: haveChanged ? { increment: 1 } : undefined,
    },
  })
}

export const AFTER_ANY_CUE_SECONDS = 1e9

interface RecordedChunk extends TranscribedChunk {
  captionId: string
  language?: string
}

async function recordChunk(tx: Tx, { captionId, startSeconds, endSeconds, language, cues }: RecordedChunk) {
  const data = {
    endSeconds,
    language: language ?? null,
    cues: cues as unknown as Prisma.InputJsonValue,
  }
  await tx.captionChunk.upsert({
    where: { captionId_startSeconds: { captionId, startSeconds } },
    create: { captionId, startSeconds, ...data },
    update: data,
  })
}

/** Parts find their ends in decoded audio, which may differ slightly. */
const TOLERANCE_SECONDS = 0.5

/** The time up to which all chunks are transcribed. */
async function findDoneSeconds(tx: Tx, captionId: string) {
  const chunks = await tx.captionChunk.findMany({
    where: { captionId },
    select: { startSeconds: true, endSeconds: true },
    orderBy: { startSeconds: 'asc' },
  })
  let doneSeconds = 0
  for (const { startSeconds, endSeconds } of chunks) {
    if (startSeconds > doneSeconds + TOLERANCE_SECONDS) break
    doneSeconds = endSeconds
  }
  return doneSeconds
}

const toTranscribedChunk = ({ startSeconds, endSeconds, cues }: CaptionChunk): TranscribedChunk => ({
  startSeconds,
  endSeconds,
  cues: cues as unknown as GeneratedCue[],
})

async function lockCaption(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT 1 FROM caption WHERE id = ${id}::uuid FOR UPDATE`
  return tx.caption.findUnique({ where: { id } })
}
