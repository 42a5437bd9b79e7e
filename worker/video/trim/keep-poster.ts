import { currentKeys } from '@/lib/storage/keys'
import { changePosterTask } from '@/lib/videos/tasks'
import { copyPoster } from '../copy-poster'
import type { TrimRun, TrimSource } from './trim-run'

/**
 * Copies the poster of the video to the trimmed files, unless it may show what was cut: pictures and cover art stay, and frames
 * that are in the range. Otherwise, another one is selected.
 */
export async function keepPoster(run: TrimRun, { video, whole }: TrimSource) {
  const { payload } = run
  const keys = currentKeys({ id: payload.trimmedId, filesId: null })
  const isKept = video.posterKey !== null && (await showsNothingCut(run, video, whole))
  const posterKey = isKept ? keys.chosenPoster(run.taskId) : null
  if (isKept) await copyPoster(run, { from: video.posterKey!, to: posterKey! })
  const data = isKept
    ? { posterKey, posterSource: video.posterSource, hasCover: video.hasCover }
    : { posterKey, posterSource: 'automatic' as const, hasCover: false }
  await run.write((tx) => tx.video.update({ where: { id: payload.trimmedId }, data }))
}

async function showsNothingCut(
  { context: { db }, payload }: TrimRun,
  { id, filesId, posterKey, posterSource, hasCover, posterTaskId }: TrimSource['video'],
  whole: TrimSource['whole'],
) {
  if (posterSource === 'picture' || hasCover) return true
  if (posterSource === 'automatic' || !posterTaskId) return false
  // The last choice may have failed, or be that of a file which was trimmed: the poster is another one.
  if (posterKey !== currentKeys({ id, filesId }).chosenPoster(posterTaskId)) return false
  const task = await db.task.findUnique({ where: { id: posterTaskId }, select: { payload: true } })
  const { choice } = changePosterTask.payload.safeParse(task?.payload).data ?? {}
  if (choice?.source !== 'frame') return false
  const atSeconds = choice.atSeconds + (whole?.trimStartSeconds ?? 0)
  return atSeconds >= payload.startSeconds && atSeconds < payload.endSeconds
}
