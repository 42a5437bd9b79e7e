import type { z } from 'zod'
import type { Db, Tx } from '../database/db'
import { notFound } from '../errors'
import type { CaptionCue, Prisma } from '../generated/prisma/client'
import type { CaptionDto, CueDto, cueListSchema, CuesDto } from './schema'
import { formatStoredMessage } from '../i18n/stored-message'
import { readStoredError } from '../tasks/stored-error'
import { captionLabel } from './label'

const includeCaptionTask = {
  task: { select: { error: true } },
} satisfies Prisma.CaptionInclude

export type CaptionRow = Prisma.CaptionGetPayload<{ include: typeof includeCaptionTask }>

/** Lists tracks with their owners, oldest first. */
export async function listCaptions(db: Db, where: Prisma.CaptionWhereInput) {
  const rows = await db.caption.findMany({ where, include: includeCaptionTask, orderBy: { id: 'asc' } })
  return rows.map((row) => ({ ...toCaptionDto(row), ownerId: row.ownerId }))
}

/** @throws {AppError} caption.not_found, also for a track of another owner */
export async function getCaption(db: Db | Tx, where: { id: string; ownerId: string }) {
  const row = await db.caption.findFirst({ where, include: includeCaptionTask })
  if (!row) throw notFound('caption')
  return toCaptionDto(row)
}

/** Lists the tracks of a video. @throws {AppError} video.not_found */
export async function listVideoCaptions(db: Db, { videoId, ownerId }: { videoId: string; ownerId: string }) {
  const video = await db.video.findFirst({
    where: { id: videoId, ownerId },
    select: { captions: { include: includeCaptionTask, orderBy: { id: 'asc' } } },
  })
  if (!video) throw notFound('video')
  return video.captions.map(toCaptionDto)
}

export function toCaptionDto(row: CaptionRow): CaptionDto {
  return {
    id: row.id,
    videoId: row.videoId,
    language: row.language,
    label: captionLabel(row),
    source: row.source,
    isTranslation: row.isTranslation,
    engine: row.engine,
    model: row.model,
    isLowAccuracy: row.isLowAccuracy,
    note: row.note && formatStoredMessage(row.noteSource, row.note),
    state: row.state,
    error: row.state === 'failed' ? readStoredError(row.task?.error) : null,
    doneSeconds: row.doneSeconds,
    cueCount: row.cueCount,
    revision: row.revision,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    taskId: row.taskId,
    urls: {
      cues: `/api/v1/captions/${row.id}/cues`,
      vtt: `/media/videos/${row.videoId}/captions/${row.id}.vtt`,
    },
  }
}

/**
 * Reads the cues after `after` if `revision` is still current, else all, in one snapshot with their track.
 * @throws {AppError} caption.not_found
 */
export async function getCues(
  db: Db,
  options: { id: string; ownerId: string } & Partial<z.infer<typeof cueListSchema>>,
): Promise<CuesDto> {
  const { id, ownerId, after, revision, words } = options
  return db.$transaction(
    async (tx) => {
      const caption = await getCaption(tx, { id, ownerId })
      const isWhole = after === undefined || revision !== caption.revision
      const where = isWhole ? {} : { startSeconds: { gt: after } }
      const cues =
        words === 'none'
          ? await findCues(tx, id, where)
          : await tx.captionCue.findMany(visibleCuesQuery(id, where))
      return { caption, cues: cues.map(toCueDto), isWhole }
    },
    { isolationLevel: 'RepeatableRead' },
  )
}

/** Counts the visible cues of a track: the value of `cueCount` after a write of cues. */
export const countCues = (tx: Tx, captionId: string) =>
  tx.captionCue.count({ where: { captionId, isRemoved: false } })

/** Finds the visible cues of a track in order of their times, without words. */
export const findCues = (db: Db | Tx, captionId: string, where: Prisma.CaptionCueWhereInput = {}) =>
  db.captionCue.findMany({ ...visibleCuesQuery(captionId, where), omit: { words: true } })

const visibleCuesQuery = (captionId: string, where: Prisma.CaptionCueWhereInput) =>
  ({
    where: { captionId, isRemoved: false, ...where },
    orderBy: [{ startSeconds: 'asc' }, { endSeconds: 'asc' }, { id: 'asc' }],
  }) satisfies Prisma.CaptionCueFindManyArgs

const toCueDto = (
  cue: Omit<CaptionCue, 'captionId' | 'isRemoved' | 'words'> & Partial<Pick<CaptionCue, 'words'>>,
): CueDto => ({
  id: cue.id,
  startSeconds: cue.startSeconds,
  endSeconds: cue.endSeconds,
  text: cue.text,
  speaker: cue.speaker,
  confidence: cue.confidence,
  words: (cue.words ?? null) as CueDto['words'],
  isEdited: cue.isEdited,
  alternative: cue.alternative,
})
