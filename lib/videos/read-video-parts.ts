import { querySql } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import {
  type Caption,
  Prisma,
  type Rendition,
  type Task,
  type Upload,
  type Video,
} from '../generated/prisma/client'
import { importKinds } from '../imports/tasks'
import { transcodeVideoTask } from './tasks'

type Reader = Parameters<typeof querySql>[0]

export type MainTaskRow = Pick<Task, 'id' | 'state' | 'error' | 'result' | 'finishedAt'>

export type RenditionRow = Pick<
  Rendition,
  | 'name'
  | 'mode'
  | 'state'
  | 'width'
  | 'height'
  | 'language'
  | 'label'
  | 'channels'
  | 'extraCodec'
  | 'downloadKey'
  | 'progress'
>

export interface VideoParts {
  /** The newest task that transcodes the video, or fetches its file. */
  task?: MainTaskRow
  /** Of a video whose file is still arriving. */
  upload: Pick<Upload, 'receivedBytes' | 'sizeBytes'> | null
  renditions: (RenditionRow & { segments: { index: number }[] })[]
  captions: (Caption & { task: Pick<Task, 'error'> })[]
}

/** Returns the parts of a video by its id, from four statements for all videos. As relations, the ORM takes four times as long. */
export async function readVideoParts(db: Reader, videos: readonly Pick<Video, 'id' | 'sha256'>[]) {
  const videoIds = videos.map(({ id }) => id)
  const arrivingIds = videos.filter(({ sha256 }) => sha256 === null).map(({ id }) => id)
  const [tasks, uploads, renditions, captions] = await Promise.all([
    readTasks(db, videoIds),
    arrivingIds.length > 0 ? readUploads(db, arrivingIds) : [],
    readRenditions(db, videoIds),
    readCaptions(db, videoIds),
  ])
  const taskOf = new Map(tasks.map((task) => [task.videoId, task]))
  const uploadOf = new Map(uploads.map((upload) => [upload.earlyVideoId, upload]))
  const renditionsOf = Map.groupBy(renditions, ({ videoId }) => videoId)
  const captionsOf = Map.groupBy(captions, ({ videoId }) => videoId)
  return (videoId: string): VideoParts => ({
    task: taskOf.get(videoId),
    upload: uploadOf.get(videoId) ?? null,
    renditions: renditionsOf.get(videoId) ?? [],
    captions: captionsOf.get(videoId) ?? [],
  })
}

const MAIN_KINDS = [transcodeVideoTask, ...importKinds].map(({ name }) => name)

const readTasks = (db: Reader, videoIds: string[]) =>
  querySql<MainTaskRow & { videoId: string }>(
    db,
    Prisma.sql`
      ${prepared} SELECT DISTINCT ON ("videoId") id, "videoId", state, error, result, "finishedAt" FROM task
      WHERE "videoId" = ANY(${videoIds}::uuid[]) AND kind = ANY(${MAIN_KINDS}::text[])
      ORDER BY "videoId", id DESC`,
  )

const readUploads = (db: Reader, videoIds: string[]) =>
  querySql<Pick<Upload, 'earlyVideoId' | 'receivedBytes' | 'sizeBytes'>>(
    db,
    Prisma.sql`
      ${prepared} SELECT "earlyVideoId", "receivedBytes", "sizeBytes" FROM upload
      WHERE "earlyVideoId" = ANY(${videoIds}::uuid[])`,
  )

async function readRenditions(db: Reader, videoIds: string[]) {
  const rows = await querySql<RenditionRow & { videoId: string; hasStart: boolean }>(
    db,
    Prisma.sql`
      ${prepared} SELECT "videoId", name, mode, state, width, height, language, label, channels, "extraCodec", "downloadKey",
        progress, EXISTS (SELECT FROM segment WHERE "renditionId" = rendition.id AND index = 0) AS "hasStart"
      FROM rendition WHERE "videoId" = ANY(${videoIds}::uuid[])
      ORDER BY position`,
  )
  return rows.map(({ hasStart, ...rendition }) => ({
    ...rendition,
    segments: hasStart ? [{ index: 0 }] : [],
  }))
}

async function readCaptions(db: Reader, videoIds: string[]) {
  const rows = await querySql<Caption & { taskError: Task['error'] }>(
    db,
    Prisma.sql`
      ${prepared} SELECT caption.*, task.error AS "taskError"
      FROM caption LEFT JOIN task ON task.id = caption."taskId"
      WHERE caption."videoId" = ANY(${videoIds}::uuid[])
      ORDER BY caption.id`,
  )
  return rows.map(({ taskError, ...caption }) => ({ ...caption, task: { error: taskError } }))
}
