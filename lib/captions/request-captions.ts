import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/caption-errors'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { touch } from '../database/touch'
import { AppError } from '../errors'
import type { Caption } from '../generated/prisma/client'
import { enqueueTask } from '../tasks/enqueue'
import { isFinished, statesBefore } from '../tasks/state'
import { requireVideo } from '../videos/require-video'
import { UNKNOWN_LANGUAGE } from './label'
import type { CaptionRequest } from './schema'
import { captionVideoTask } from './tasks'

/**
 * Requests captions for a video. The track of an earlier equal request is generated again: it retains its cues until the
 * new ones are complete, and then those that a user has edited. Returns the IDs of track and task.
 * @throws {AppError} video.not_found, video.in_trash, video.upload_unfinished, caption.off, caption.in_progress
 */
export async function requestCaptions(
  { db, boss }: { db: Db; boss: PgBoss },
  request: CaptionRequest & { videoId: string; ownerId: string },
) {
  const { videoId, ownerId, language, translate, speakers } = request
  return db.$transaction(async (tx) => {
    // Locked, so that captions are requested once.
    const video = await requireVideo(tx, { id: videoId, ownerId })
    if (config().CAPTIONS === 'none') throw captionsOffError()
    if (video.sha256 === null) throw uploadUnfinishedError()
    const speech = await tx.caption.findMany({
      where: { videoId, source: 'speech', isTranslation: translate },
    })
    const earlier = speech.find((track) => translate || !language || track.language === language)
    if ((earlier && !isFinished(earlier.state)) || (await hasUnfinishedRequest(tx, request)))
      throw captionInProgressError()
    if (earlier) return transcribeAgain(tx, boss, { track: earlier, language, speakers })
    const task = await enqueueTask(tx, boss, {
      kind: captionVideoTask,
      ownerId,
      subjectId: videoId,
      payload: { videoId, language, translate, speakers },
    })
    const caption = await tx.caption.create({
      data: {
        ownerId,
        videoId,
        language: languageBefore({ language, translate }),
        taskId: task.id,
        source: 'speech',
        isTranslation: translate,
      },
    })
    await touch(tx, 'video', { id: videoId })
    return { captionId: caption.id, taskId: task.id }
  })
}

/** The language of a track that is not transcribed yet. Unless one is requested, it is detected. */
const languageBefore = ({ language, translate }: CaptionRequest) =>
  translate ? 'en' : (language ?? UNKNOWN_LANGUAGE)

interface TranscribeAgainOptions {
  track: Caption
  language?: string
  /** Default: whether the current cues have speakers. */
  speakers?: boolean
  isBackground?: boolean
}

const hasSpeakers = async (tx: Tx, captionId: string) =>
  (await tx.captionCue.count({ where: { captionId, speaker: { not: null } } })) > 0

/** Queues a new transcription of a track that no task generates. */
export async function transcribeAgain(
  tx: Tx,
  boss: PgBoss,
  { track, language, ...request }: TranscribeAgainOptions,
) {
  const { id, ownerId, videoId, isTranslation: translate } = track
  const { isBackground, speakers = await hasSpeakers(tx, id) } = request
  const task = await enqueueTask(tx, boss, {
    kind: captionVideoTask,
    ownerId,
    subjectId: videoId,
    isBackground,
    payload: { videoId, language, translate, speakers, isBackground },
  })
  await tx.captionChunk.deleteMany({ where: { captionId: id } })
  // What a transcription left that failed or was canceled is continued live.
  const isReplacing = track.isReplacing || (track.state === 'done' && track.cueCount > 0)
  const before = isReplacing ? {} : { language: languageBefore({ language, translate }), note: null }
  await tx.caption.update({
    where: { id },
    data: { ...before, isReplacing, taskId: task.id, state: 'queued', doneSeconds: 0 },
  })
  await touch(tx, 'video', { id: videoId })
  return { captionId: id, taskId: task.id }
}

/** Whether an unfinished task without a track may generate the requested captions. */
async function hasUnfinishedRequest(
  tx: Tx,
  { videoId, language, translate }: CaptionRequest & { videoId: string },
) {
  const tasks = await findRequestsWithoutTrack(tx, videoId)
  return tasks.some((task) => {
    const other = captionVideoTask.payload.parse(task.payload)
    const isSame = !language || !other.language || language === other.language
    return other.translate === translate && (translate || isSame)
  })
}

/** Finds the unfinished transcriptions of a video that have not created their tracks yet. */
export const findRequestsWithoutTrack = (tx: Tx, videoId: string) =>
  tx.task.findMany({
    where: {
      videoId,
      kind: captionVideoTask.name,
      state: { in: statesBefore('canceled') },
      captions: { none: {} },
    },
  })

export const captionsOffError = () =>
  new AppError({
    code: 'caption.off',
    message: messages.turnedOff(),
    status: 409,
  })

const uploadUnfinishedError = () =>
  new AppError({
    code: 'video.upload_unfinished',
    message: messages.stillUploading(),
    status: 409,
  })

export const captionInProgressError = () =>
  new AppError({
    code: 'caption.in_progress',
    message: messages.alreadyGenerating(),
    status: 409,
  })
