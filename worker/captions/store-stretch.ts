import { countCues } from '@/lib/captions/queries'
import type { Tx } from '@/lib/db'
import type { Caption, CaptionCue, Prisma } from '@/lib/generated/prisma/client'
import type { MadeCue } from './shape-cues'

/** The track was deleted while it was made. */
export class CaptionGone extends Error {
  constructor() {
    super('the captions were deleted')
    this.name = 'CaptionGone'
  }
}

/**
 * Writes the cues of one stretch in the place of those that an earlier transcription had there. What a person
 * changed, added or took out stays as it is; where something else was heard now, that is kept beside it.
 * @throws {CaptionGone}
 */
export async function storeStretch(
  tx: Tx,
  stretch: {
    captionId: string
    startSeconds: number
    endSeconds: number
    cues: readonly MadeCue[]
    change?: Partial<Pick<Caption, 'language'>>
  },
) {
  const { captionId, startSeconds, endSeconds } = stretch
  await tx.$queryRaw`SELECT 1 FROM caption WHERE id = ${captionId}::uuid FOR UPDATE`
  const caption = await tx.caption.findUnique({ where: { id: captionId } })
  if (!caption) throw new CaptionGone()
  const here = { captionId, startSeconds: { lt: endSeconds }, endSeconds: { gt: startSeconds } }
  const persons = await tx.captionCue.findMany({ where: { ...here, isEdited: true } })
  const { count: replaced } = await tx.captionCue.deleteMany({
    where: { captionId, isEdited: false, startSeconds: { gte: startSeconds, lt: endSeconds } },
  })
  const free = stretch.cues.filter((cue) => !persons.some((own) => isInPlaceOf(own, cue)))
  await tx.captionCue.createMany({
    data: free.map((cue) => ({
      ...cue,
      captionId,
      words: (cue.words ?? undefined) as Prisma.InputJsonValue,
    })),
  })
  const conflicts = await keepAlternatives(tx, persons, stretch.cues)
  const isOther = replaced > 0 || conflicts > 0
  const cueCount = await countCues(tx, captionId)
  await tx.caption.update({
    where: { id: captionId },
    data: {
      ...stretch.change,
      cueCount,
      doneSeconds: endSeconds,
      revision: isOther ? { increment: 1 } : undefined,
    },
  })
}

type Span = Pick<CaptionCue, 'startSeconds' | 'endSeconds'>

/** They share at least half of the shorter one's time. */
function isInPlaceOf(one: Span, other: Span) {
  const shared = Math.min(one.endSeconds, other.endSeconds) - Math.max(one.startSeconds, other.startSeconds)
  const shorter = Math.min(one.endSeconds - one.startSeconds, other.endSeconds - other.startSeconds)
  return shared > 0 && shared >= shorter / 2
}

async function keepAlternatives(tx: Tx, persons: readonly CaptionCue[], cues: readonly MadeCue[]) {
  let kept = 0
  for (const own of persons.filter((cue) => !cue.isRemoved)) {
    const heard = cues.filter((cue) => isInPlaceOf(own, cue)).map((cue) => cue.text)
    const text = heard.join(' ')
    const alternative = text === '' || isSameWords(text, own.text) ? null : text
    if (alternative === own.alternative) continue
    await tx.captionCue.update({ where: { id: own.id }, data: { alternative } })
    kept++
  }
  return kept
}

const isSameWords = (one: string, other: string) => wordsOf(one) === wordsOf(other)
const wordsOf = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
