import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../../database/db'
import { uuidV7 } from '../../database/uuid-v7'
import type { Video } from '../../generated/prisma/client'
import { currentKeys } from '../../storage/keys'
import type { Storage } from '../../storage/storage'
import { enqueueChoice } from '../choose-poster'
import { copyPoster } from '../copy-poster'
import type { PosterChoice } from '../poster-schema'
import { changePosterTask } from '../tasks'

/** A picture that the owner has chosen since the trim, copied to the files of the whole. */
interface CopiedPicture {
  fromKey: string
  posterKey: string
}

/** Copies the picture that was chosen as the poster of a trimmed video to its whole file; null if none was. */
export async function copyChosenPicture(
  { db, storage }: { db: Db; storage: Storage },
  { id, ownerId }: { id: string; ownerId: string },
): Promise<CopiedPicture | null> {
  const video = await db.video.findFirst({ where: { id, ownerId } })
  const whole = video && (await db.video.findUnique({ where: { wholeOfId: id } }))
  if (!whole || !isChosen(video) || video.posterSource !== 'picture') return null
  const posterKey = currentKeys(whole).chosenPoster(uuidV7())
  await copyPoster(storage, { from: video.posterKey!, to: posterKey })
  return { fromKey: video.posterKey!, posterKey }
}

/** Whether its poster is the one that the owner has chosen last, since it is trimmed. */
const isChosen = (video: Video) =>
  video.posterTaskId !== null && video.posterKey === currentKeys(video).chosenPoster(video.posterTaskId)

/**
 * Keeps the poster that was chosen while a video was trimmed. The caller has given it its whole file.
 * @param options.video the row before
 */
export async function returnPoster(
  tx: Tx,
  boss: PgBoss,
  { video, whole, picture }: { video: Video; whole: Video; picture: CopiedPicture | null },
) {
  const { id, ownerId, posterTaskId } = video
  await tx.video.update({ where: { id }, data: { posterTaskId: whole.posterTaskId } })
  if (picture && picture.fromKey === video.posterKey)
    return void (await tx.video.update({
      where: { id },
      data: { posterKey: picture.posterKey, posterSource: 'picture', hasCover: true, imageBytes: null },
    }))
  const choice = posterTaskId && (await readChoice(tx, posterTaskId))
  if (!choice || choice.source === 'picture') return
  // The trimmed file may be longer than the range, by less than a frame or a packet of sound.
  const onWhole: PosterChoice =
    choice.source === 'frame'
      ? { ...choice, atSeconds: Math.min(choice.atSeconds + whole.trimStartSeconds!, whole.durationSeconds!) }
      : choice
  await enqueueChoice(tx, boss, { id, ownerId, choice: onWhole, taskId: uuidV7() })
}

async function readChoice(tx: Tx, taskId: string) {
  const task = await tx.task.findUnique({ where: { id: taskId }, select: { state: true, payload: true } })
  // One that is unfinished is canceled with the trimmed file.
  if (!task || task.state === 'failed') return null
  return changePosterTask.payload.parse(task.payload).choice
}
