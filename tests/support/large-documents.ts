import { randomUUID } from 'node:crypto'
import type { Db } from '@/lib/database/db'

const CUE_TEXT = 'Ask not what your country can do for you. '

/** A subtitle file of the largest accepted size: 50,000 cues, just below 10 MB. */
export function createLargestSubtitleFile() {
  const time = (ms: number) => new Date(ms).toISOString().slice(11, 23)
  const cues = Array.from(
    { length: 50_000 },
    (_, n) => `${time(n * 1_000)} --> ${time(n * 1_000 + 900)}\n${n} ${CUE_TEXT.repeat(3)}\n`,
  )
  return `WEBVTT\n\n${cues.join('\n')}`
}

/** A change of as many cues as one request may contain, just below 16 MB. */
export const createLargestCueChange = (baseRevision: number, ids: string[]) => ({
  baseRevision,
  put: ids.map((id, n) => ({
    id,
    startSeconds: n,
    endSeconds: n + 0.9,
    text: `${n} ${CUE_TEXT.repeat(14)}`,
  })),
})

export const createCueIds = () => Array.from({ length: 20_000 }, () => randomUUID())

/** Makes a video twelve hours long, with 600 tasks, after creating it if it does not exist. */
export async function fillVideo(db: Db, { ownerId, videoId }: Record<'ownerId' | 'videoId', string>) {
  await db.$executeRaw`
    INSERT INTO video (id, "ownerId", title, filename, "sizeBytes", sha256, "sourceKey", "durationSeconds", "hasVideo")
    VALUES (${videoId}::uuid, ${ownerId}, 'large', 'v.mp4', 1, '', '', 43200, true) ON CONFLICT DO NOTHING`
  await db.$executeRaw`
    INSERT INTO rendition (id, "videoId", name, mode, state, width, height, "frameRate", codecs, "initKey", position)
    SELECT gen_random_uuid(), ${videoId}::uuid, 'large' || n, 'encode', 'done', 1920, 1080, 25, 'avc1.640028', 'key', 10 + n
    FROM generate_series(1, 5) n ON CONFLICT DO NOTHING`
  await db.$executeRaw`
    INSERT INTO segment ("renditionId", index, "startSeconds", "durationSeconds", "sizeBytes")
    SELECT r.id, n, n * 3, 3, 100000 FROM rendition r, generate_series(0, 14400) n
    WHERE r."videoId" = ${videoId}::uuid ON CONFLICT DO NOTHING`
  await db.$executeRaw`
    INSERT INTO task (id, "ownerId", kind, queue, state, payload, "maxAttempts", "subjectType", "subjectId")
    SELECT gen_random_uuid(), ${ownerId}, 'video.inspect', 'video.inspect', 'done', '{}', 3, 'video', ${videoId}::uuid
    FROM generate_series(1, 600)`
}

/** Adds full pages of everything that a user can list, a log of the largest size, and a video of twelve hours. */
export async function fillLists(
  db: Db,
  { ownerId, videoId, taskId }: Record<'ownerId' | 'videoId' | 'taskId', string>,
) {
  await db.$executeRaw`
    INSERT INTO video (id, "ownerId", title, filename, "sizeBytes", sha256, "sourceKey", "durationSeconds", "hasVideo")
    SELECT gen_random_uuid(), ${ownerId}, 'video ' || n, 'v.mp4', 1, '', '', 60, true FROM generate_series(1, 210) n`
  await db.$executeRaw`
    INSERT INTO rendition (id, "videoId", name, mode, state, width, height, "frameRate", codecs, "initKey", position)
    SELECT gen_random_uuid(), v.id, 'large' || n, 'encode', 'done', 1920, 1080, 25, 'avc1.640028', 'key', 10 + n
    FROM video v, generate_series(1, 5) n WHERE v."ownerId" = ${ownerId}`
  await db.$executeRaw`
    INSERT INTO caption (id, "ownerId", "videoId", language, source, state)
    SELECT gen_random_uuid(), ${ownerId}, v.id, 'en', 'sidecar', 'done'
    FROM video v, generate_series(1, 5) n WHERE v."ownerId" = ${ownerId} AND v.id <> ${videoId}::uuid`
  await fillVideo(db, { ownerId, videoId })
  await db.$executeRaw`
    INSERT INTO task_log_line ("taskId", attempt, level, message)
    SELECT ${taskId}::uuid, 1, 'info', repeat('a line of a log. ', 60) FROM generate_series(1, 5000)`
}
