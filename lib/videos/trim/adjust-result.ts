import type { Tx } from '../../database/db'
import { type TranscodeResult, transcodeVideoTask } from '../tasks'
import type { TrimRange } from './schema'

/**
 * Moves the damage that the transcode of a video has found to the timeline of a range, or back to that of the whole file: its
 * result describes what the video shows.
 */
export async function adjustTranscodeResult(
  tx: Tx,
  { videoId, range }: { videoId: string; range: TrimRange | null },
) {
  const task = await findTranscode(tx, videoId)
  const result = task?.result as TranscodeResult | null | undefined
  if (!task || !result) return
  const { whole = { missingSeconds: result.missingSeconds, damage: result.damage }, ...rest } = result
  const adjusted: TranscodeResult = range
    ? { ...rest, missingSeconds: null, damage: shiftDamage(whole.damage ?? [], range), whole }
    : { ...rest, ...whole }
  await tx.task.update({ where: { id: task.id }, data: { result: { ...adjusted } } })
}

/** Has later trims adjust the damage as the video shows it: its whole file is discarded. */
export async function forgetWholeResult(tx: Tx, videoId: string) {
  const task = await findTranscode(tx, videoId)
  const { whole, ...rest } = (task?.result ?? {}) as Partial<TranscodeResult>
  if (task && whole) await tx.task.update({ where: { id: task.id }, data: { result: rest } })
}

const findTranscode = (tx: Tx, videoId: string) =>
  tx.task.findFirst({
    where: { videoId, kind: transcodeVideoTask.name },
    orderBy: { id: 'desc' },
    select: { id: true, result: true },
  })

const shiftDamage = (damage: NonNullable<TranscodeResult['damage']>, range: TrimRange) =>
  damage.flatMap(({ startSeconds, endSeconds }) => {
    const from = Math.max(startSeconds, range.startSeconds) - range.startSeconds
    const to = Math.min(endSeconds, range.endSeconds) - range.startSeconds
    return to > from ? [{ startSeconds: from, endSeconds: to }] : []
  })
