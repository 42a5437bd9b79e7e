import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import { countCues } from '@/lib/captions/queries'
import type { Tx } from '@/lib/database/db'
import type { CaptionCue, Prisma } from '@/lib/generated/prisma/client'
import type { GeneratedCue } from './build-cues'

/** The track was deleted while it was made. */
export class CaptionDeleted extends Error {
  constructor() {
    super('the captions were deleted')
    this.name = 'CaptionDeleted'
  }
}

/**
 * Writes the cues of one stretch in the place of those that an earlier transcription had there. What a person
 * changed, added or took out stays as it is; where something else was heard now, that is kept beside it.
 * @throws {CaptionGone}
 */
export async function storeChunkCues(
  tx: Tx,
  stretch: {
    captionId: string
    startSeconds: number
    endSeconds: number
    cues: readonly GeneratedCue[]
    /** As it was found out; kept where none is known. */
    language?: string
  },
) {
  const { captionId, startSeconds, endSeconds } = stretch
  await tx.$queryRaw`SELECT 1 FROM caption WHERE id = ${captionId}::uuid FOR UPDATE`
  const caption = await tx.caption.findUnique({ where: { id: captionId } })
  if (!caption) throw new CaptionDeleted()
  const here = { captionId, startSeconds: { lt: endSeconds }, endSeconds: { gt: startSeconds } }
  const persons = await tx.captionCue.findMany({
    where: { ...here, isEdited: true },
    orderBy: { startSeconds: 'asc' },
  })
  const { count: replaced } = await tx.captionCue.deleteMany({
    where: { captionId, isEdited: false, startSeconds: { gte: startSeconds, lt: endSeconds } },
  })
  const free = stretch.cues.filter((cue) => !persons.some((own) => isSameSpeech(own, cue)))
  await tx.captionCue.createMany({
    data: free.map((cue) => ({
      ...cue,
      captionId,
      words: (cue.words ?? undefined) as Prisma.InputJsonValue,
    })),
  })
  const conflicts = await updateAlternatives(tx, persons, stretch)
  const isOther = replaced > 0 || conflicts > 0
  const cueCount = await countCues(tx, captionId)
  await tx.caption.update({
    where: { id: captionId },
    data: {
      language: caption.language === UNKNOWN_LANGUAGE ? stretch.language : undefined,
      cueCount,
      doneSeconds: endSeconds,
      revision: isOther ? { increment: 1 } : undefined,
    },
  })
}

/**
 * They share at least half of the shorter one's time. Where a person took something short out of what is heard
 * in one now, the rest of it is not lost with that.
 */
function isSameSpeech(own: CaptionCue, heard: GeneratedCue) {
  const shared = Math.min(own.endSeconds, heard.endSeconds) - Math.max(own.startSeconds, heard.startSeconds)
  const heardSeconds = heard.endSeconds - heard.startSeconds
  const least = own.isRemoved ? heardSeconds : Math.min(own.endSeconds - own.startSeconds, heardSeconds)
  return shared > 0 && shared >= least / 2
}

async function updateAlternatives(
  tx: Tx,
  persons: readonly CaptionCue[],
  { startSeconds, cues }: { startSeconds: number; cues: readonly GeneratedCue[] },
) {
  const shown = persons.filter((cue) => !cue.isRemoved)
  let kept = 0
  for (const own of shown) {
    const heard = cues.filter((cue) => isSameSpeech(own, cue))
    // What was heard of it in the stretch before.
    const before = own.startSeconds < startSeconds ? own.alternative : null
    const text = [before, ...heard.map((cue) => cue.text)].filter((part) => part !== null).join(' ')
    // What is one cue to the engine may be two that a person has made of it.
    const beside = shown.filter((other) => heard.some((cue) => isSameSpeech(other, cue)))
    const written = beside.map((cue) => cue.text).join(' ')
    const isSame = text === '' || isSameText(text, own.text) || isSameText(text, written)
    const alternative = isSame ? null : text
    if (alternative === own.alternative) continue
    await tx.captionCue.update({ where: { id: own.id }, data: { alternative } })
    kept++
  }
  return kept
}

const isSameText = (one: string, other: string) => normalizeText(one) === normalizeText(other)
const normalizeText = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
