import { currentKeys } from '@/lib/storage/keys'
import { copyPoster } from '@/lib/videos/copy-poster'
import { changePosterTask } from '@/lib/videos/tasks'
import type { TrimRun, TrimSource } from './trim-run'

/**
 * Copies the poster of the video to the trimmed files, unless it may show what was cut: pictures and cover art stay, and frames
 * that are in the range. Otherwise, another one is selected.
 */
export async function keepPoster(run: TrimRun, { video, whole }: TrimSource) {
  const { payload } = run
  const keys = currentKeys({ id: payload.trimmedId, filesId: null })
  // That of the whole, unless the owner has chosen one since it is trimmed.
  const from = whole && video.posterTaskId === null ? whole : video
  const zeroSeconds = from === video ? (whole?.trimStartSeconds ?? 0) : 0
  const isKept = from.posterKey !== null && (await showsNothingCut(run, from, zeroSeconds))
  const posterKey = isKept ? keys.chosenPoster(run.taskId) : null
  if (isKept)
    await copyPoster(run.context.storage, { from: from.posterKey!, to: posterKey!, signal: run.signal })
  const data = isKept
    ? { posterKey, posterSource: from.posterSource, hasCover: from.hasCover }
    : { posterKey, posterSource: 'automatic' as const, hasCover: false }
  await run.write((tx) => tx.video.update({ where: { id: payload.trimmedId }, data }))
}

async function showsNothingCut(
  { context: { db }, payload }: TrimRun,
  { id, filesId, posterKey, posterSource, hasCover, posterTaskId }: TrimSource['video'],
  zeroSeconds: number,
) {
  if (posterSource === 'picture' || hasCover) return true
  if (posterSource === 'automatic' || !posterTaskId) return false
  // The last choice may have failed: the poster is another one.
  if (posterKey !== currentKeys({ id, filesId }).chosenPoster(posterTaskId)) return false
  const task = await db.task.findUnique({ where: { id: posterTaskId }, select: { payload: true } })
  const { choice } = changePosterTask.payload.safeParse(task?.payload).data ?? {}
  if (choice?.source !== 'frame') return false
  const atSeconds = choice.atSeconds + zeroSeconds
  return atSeconds >= payload.startSeconds && atSeconds < payload.endSeconds
}
