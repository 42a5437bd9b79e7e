import { z } from 'zod'
import { countCues } from '@/lib/captions/queries'
import type { CueWord } from '@/lib/captions/schema'
import { captionSpeakersTask } from '@/lib/captions/tasks'
import type { Db, Tx } from '@/lib/database/db'
import type { CaptionCue, Prisma } from '@/lib/generated/prisma/client'
import { voiceSchema } from '../speech/messages'
import { findSpeaker, splitBySpeaker } from './assign-speakers'
import { isGeneratedSpeaker } from './generated-name'
import { mergeVoices, type Turn } from './merge-voices'
import { type NamedSpan, nameSpeakers } from './name-speakers'

const resultSchema = z.object({ voices: z.array(voiceSchema) })

/** The turns that the finished parts of a transcription found; null if it has no such parts. */
export async function readTurns(db: Db, transcriptionId: string): Promise<Turn[] | null> {
  const parts = await db.task.findMany({
    where: { partOfId: transcriptionId, kind: captionSpeakersTask.name, state: 'done' },
    select: { result: true },
  })
  if (parts.length === 0) return null
  return mergeVoices(parts.flatMap(({ result }) => resultSchema.parse(result).voices))
}

/** What the cues of a track say about speakers. */
export const readNamedSpans = async (tx: Tx, captionId: string) =>
  (await tx.captionCue.findMany({
    where: { captionId, isRemoved: false, speaker: { not: null } },
    select: { startSeconds: true, endSeconds: true, speaker: true },
  })) as NamedSpan[]

/**
 * Writes speakers to the cues of a track, and divides generated cues where the speaker changes. Speakers keep the names
 * that users gave them in `earlier` cues, and cues those that users have edited.
 */
export async function storeSpeakers(
  tx: Tx,
  { captionId, turns, earlier }: { captionId: string; turns: readonly Turn[]; earlier: readonly NamedSpan[] },
) {
  const names = nameSpeakers(turns, earlier)
  const cues = await tx.captionCue.findMany({ where: { captionId, isRemoved: false } })
  const idsByName = new Map<string, string[]>()
  const divided: string[] = []
  const created: Prisma.CaptionCueCreateManyInput[] = []
  for (const cue of cues) {
    const parts = cue.isEdited ? [{ speaker: findSpeaker(cue, turns) }] : divide(cue, turns)
    const [first] = parts
    if (parts.length > 1) {
      divided.push(cue.id)
      created.push(...parts.map((part) => toRow(part as DividedCue, names)))
    } else if (first!.speaker !== null && (!cue.speaker || isGeneratedSpeaker(cue.speaker))) {
      const name = names[first!.speaker]!
      idsByName.set(name, [...(idsByName.get(name) ?? []), cue.id])
    }
  }
  for (const [name, ids] of idsByName)
    await tx.$executeRaw`UPDATE caption_cue SET speaker = ${name} WHERE id = ANY (${ids}::uuid[])`
  await tx.$executeRaw`DELETE FROM caption_cue WHERE id = ANY (${divided}::uuid[])`
  await tx.captionCue.createMany({ data: created })
  await tx.caption.updateMany({
    where: { id: captionId },
    data: { cueCount: await countCues(tx, captionId), revision: { increment: 1 } },
  })
}

type DividedCue = ReturnType<typeof divide>[number]

const divide = (cue: CaptionCue, turns: readonly Turn[]) =>
  splitBySpeaker({ ...cue, words: cue.words as CueWord[] | null }, turns)

const toRow = (
  { captionId, startSeconds, endSeconds, text, confidence, words, speaker }: DividedCue,
  names: readonly string[],
) => ({
  captionId,
  startSeconds,
  endSeconds,
  text,
  confidence,
  words: words as unknown as Prisma.InputJsonValue,
  speaker: speaker === null ? null : names[speaker]!,
})
