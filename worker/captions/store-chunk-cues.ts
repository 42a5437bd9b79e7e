import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import { countCues } from '@/lib/captions/queries'
import type { Tx } from '@/lib/database/db'
import type { CaptionCue, Prisma } from '@/lib/generated/prisma/client'
import type { GeneratedCue } from './build-cues'

/** The track was deleted during its transcription. */
export class CaptionDeleted extends Error {
  constructor() {
    super('the captions were deleted')
    this.name = 'CaptionDeleted'
  }
}

/**
 * Replaces the generated cues of one chunk. Cues that a user edited, added or removed are preserved; a different
 * transcription is stored as their alternative.
 * @throws {CaptionDeleted}
 */
export async function storeChunkCues(
  tx: Tx,
  chunk: {
    captionId: string
    startSeconds: number
    endSeconds: number
    cues: readonly GeneratedCue[]
    /** The detected language; stored if the track has none. */
    language?: string
  },
) {
  const { captionId, startSeconds, endSeconds } = chunk
  await tx.$queryRaw`SELECT 1 FROM caption WHERE id = ${captionId}::uuid FOR UPDATE`
  const caption = await tx.caption.findUnique({ where: { id: captionId } })
  if (!caption) throw new CaptionDeleted()
  const inChunk = { captionId, startSeconds: { lt: endSeconds }, endSeconds: { gt: startSeconds } }
  const edited = await tx.captionCue.findMany({
    where: { ...inChunk, isEdited: true },
    orderBy: { startSeconds: 'asc' },
  })
  const { count: replaced } = await tx.captionCue.deleteMany({
    where: { captionId, isEdited: false, startSeconds: { gte: startSeconds, lt: endSeconds } },
  })
  const generated = chunk.cues.filter((cue) => !edited.some((other) => isSameSpeech(other, cue)))
  await tx.captionCue.createMany({
    data: generated.map((cue) => ({
      ...cue,
      captionId,
      words: (cue.words ?? undefined) as Prisma.InputJsonValue,
    })),
  })
  const conflicts = await updateAlternatives(tx, edited, chunk)
  const hasChanged = replaced > 0 || conflicts > 0
  const cueCount = await countCues(tx, captionId)
  await tx.caption.update({
    where: { id: captionId },
    data: {
      language: caption.language === UNKNOWN_LANGUAGE ? chunk.language : undefined,
      cueCount,
      doneSeconds: endSeconds,
      revision: hasChanged ? { increment: 1 } : undefined,
    },
  })
}

/**
 * Whether two cues overlap for at least half the time of the shorter one; a removed cue, for half the time of the
 * generated one, so that removing a short cue does not suppress a longer one around it.
 */
function isSameSpeech(edited: CaptionCue, generated: GeneratedCue) {
  const shared =
    Math.min(edited.endSeconds, generated.endSeconds) - Math.max(edited.startSeconds, generated.startSeconds)
  const generatedSeconds = generated.endSeconds - generated.startSeconds
  const shorterSeconds = edited.isRemoved
    ? generatedSeconds
    : Math.min(edited.endSeconds - edited.startSeconds, generatedSeconds)
  return shared > 0 && shared >= shorterSeconds / 2
}

async function updateAlternatives(
  tx: Tx,
  edited: readonly CaptionCue[],
  { startSeconds, cues }: { startSeconds: number; cues: readonly GeneratedCue[] },
) {
  const visible = edited.filter((cue) => !cue.isRemoved)
  let changes = 0
  for (const edit of visible) {
    const overlapping = cues.filter((cue) => isSameSpeech(edit, cue))
    // An edited cue that starts in the previous chunk has an alternative from there.
    const earlier = edit.startSeconds < startSeconds ? edit.alternative : null
    const text = [earlier, ...overlapping.map((cue) => cue.text)].filter((part) => part !== null).join(' ')
    // A user may have split one generated cue into several.
    const splitCues = visible.filter((other) => overlapping.some((cue) => isSameSpeech(other, cue)))
    const editedText = splitCues.map((cue) => cue.text).join(' ')
    const isSame = text === '' || isSameText(text, edit.text) || isSameText(text, editedText)
    const alternative = isSame ? null : text
    if (alternative === edit.alternative) continue
    await tx.captionCue.update({ where: { id: edit.id }, data: { alternative } })
    changes++
  }
  return changes
}

const isSameText = (a: string, b: string) => normalizeText(a) === normalizeText(b)
const normalizeText = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
