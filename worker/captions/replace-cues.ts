import type { Tx } from '@/lib/database/db'
import type { CaptionCue, Prisma } from '@/lib/generated/prisma/client'
import type { GeneratedCue } from './build-cues'

/** The cues of one time range of a track. */
export interface TranscribedChunk {
  startSeconds: number
  endSeconds: number
  cues: readonly (GeneratedCue & { speaker?: string | null })[]
}

/**
 * Replaces the generated cues of consecutive chunks of a locked track. Cues that a user edited, added or removed are
 * preserved; a different transcription is stored as their alternative. Returns whether existing cues changed.
 */
export async function replaceCues(tx: Tx, captionId: string, chunks: readonly TranscribedChunk[]) {
  const startSeconds = chunks[0]?.startSeconds ?? 0
  const endSeconds = chunks.at(-1)?.endSeconds ?? 0
  const edited = await tx.captionCue.findMany({
    where: {
      captionId,
      startSeconds: { lt: endSeconds },
      endSeconds: { gt: startSeconds },
      isEdited: true,
    },
    orderBy: { startSeconds: 'asc' },
  })
  const { count: replaced } = await tx.captionCue.deleteMany({
    where: { captionId, isEdited: false, startSeconds: { gte: startSeconds, lt: endSeconds } },
  })
  let conflicts = 0
  const generated: TranscribedChunk['cues'][number][] = []
  for (const chunk of chunks) {
    const editedInChunk = edited.filter((cue) => overlap(cue, chunk) > 0)
    generated.push(...chunk.cues.filter((cue) => !editedInChunk.some((other) => isSameSpeech(other, cue))))
    conflicts += await updateAlternatives(tx, editedInChunk, chunk)
  }
  await tx.captionCue.createMany({
    data: generated.map((cue) => ({
      ...cue,
      captionId,
      words: (cue.words ?? undefined) as Prisma.InputJsonValue,
    })),
  })
  return replaced > 0 || conflicts > 0
}

type TimeRange = Pick<TranscribedChunk, 'startSeconds' | 'endSeconds'>

/** In seconds; negative if they do not touch. */
const overlap = (one: TimeRange, other: TimeRange) =>
  Math.min(one.endSeconds, other.endSeconds) - Math.max(one.startSeconds, other.startSeconds)

/**
 * Whether two cues overlap for at least half the time of the shorter one; a removed cue, for half the time of the
 * generated one, so that removing a short cue does not suppress a longer one around it.
 */
function isSameSpeech(edited: CaptionCue, generated: GeneratedCue) {
  const shared = overlap(edited, generated)
  const generatedSeconds = generated.endSeconds - generated.startSeconds
  const shorterSeconds = edited.isRemoved
    ? generatedSeconds
    : Math.min(edited.endSeconds - edited.startSeconds, generatedSeconds)
  return shared > 0 && shared >= shorterSeconds / 2
}

async function updateAlternatives(
  tx: Tx,
  edited: readonly CaptionCue[],
  { startSeconds, cues }: TranscribedChunk,
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
    edit.alternative = alternative
    changes++
  }
  return changes
}

const isSameText = (a: string, b: string) => normalizeText(a) === normalizeText(b)
const normalizeText = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
