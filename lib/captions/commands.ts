import type { PgBoss } from 'pg-boss'
import type { z } from 'zod'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import { cancelTask } from '../tasks/commands'
import { statesBefore } from '../tasks/state'
import { lockCaption } from './lock-caption'
import type { updateCaptionSchema } from './schema'
import { captionVideoTask, translateCaptionTask } from './tasks'
import { touch } from '../database/touch'

/** Updates the language or label of a track. @throws {AppError} caption.not_found */
export async function updateCaption(
  db: Db,
  { id, ownerId, ...data }: { id: string; ownerId: string } & z.infer<typeof updateCaptionSchema>,
) {
  await db.$transaction(async (tx) => {
    const caption = await lockCaption(tx, { id, ownerId })
    await tx.caption.update({ where: { id }, data })
    await touch(tx, 'video', { id: caption.videoId })
  })
}

/** Deletes a track with its cues and cancels its transcription or translation. @throws {AppError} caption.not_found */
export async function deleteCaption(
  { db, boss }: { db: Db; boss: PgBoss },
  { id, ownerId }: { id: string; ownerId: string },
) {
  const transcription = await db.task.findFirst({
    where: {
      kind: { in: [captionVideoTask.name, translateCaptionTask.name] },
      state: { in: statesBefore('canceled') },
      captions: { some: { id, ownerId, video: { deletedAt: null } } },
    },
  })
  // Canceled first, because a running task would create the track again.
  if (transcription)
    await cancelTask({ db, boss, taskId: transcription.id, ownerId }).catch(ignoreFinishedTask)
  await db.$transaction(async (tx) => {
    const caption = await lockCaption(tx, { id, ownerId })
    await tx.caption.delete({ where: { id } })
    await touch(tx, 'video', { id: caption.videoId })
  })
}

function ignoreFinishedTask(error: unknown) {
  if (!(error instanceof AppError) || error.code !== 'task.finished') throw error
}
