import { databaseTimeMs } from '../cluster/database-clock'
import { listCaptions } from '../captions/queries'
import type { Db } from '../database/db'
import { Prisma } from '../generated/prisma/client'
import { listMachines } from '../machines/queries'
import { findShownNotifications, whereUnread } from '../notifications/queries'
import { findPlaylists } from '../playlists/queries'
import { whereUnfinished } from '../tasks/queries'
import { toTaskDtos } from '../tasks/to-task-dto'
import { notInternalKind } from '../tasks/registry'
import { listVideos } from '../videos/queries'
import { type LiveType } from './collections'
import { MAX_SNAPSHOT_ROWS, type Snapshot } from './schema'

const RECENT_MS = 24 * 60 * 60 * 1000

interface Options {
  ownerId: string
  known: Record<string, number>
}

/**
 * Returns the changes since the versions that a page knows, unfinished tasks, and tasks of the last 24 hours, with their
 * subjects, and unread notifications. At most `MAX_SNAPSHOT_ROWS` of each kind, the newest ones.
 */
export async function changesSince(db: Db, options: Options): Promise<Snapshot> {
  const { ownerId } = options
  const isRecent = { createdAt: { gt: new Date(databaseTimeMs() - RECENT_MS) } }
  const isCurrent = { ownerId, OR: [whereUnfinished, isRecent] }
  const newest = { orderBy: { id: 'desc' }, select: { id: true } } as const
  const currentTaskIds = toIds(
    await db.task.findMany({
      ...newest,
      where: { ...isCurrent, kind: notInternalKind() },
      take: MAX_SNAPSHOT_ROWS.task,
    }),
  )
  const currentCaptionIds = toIds(
    await db.caption.findMany({ ...newest, where: isCurrent, take: MAX_SNAPSHOT_ROWS.caption }),
  )
  const unreadIds = toIds(
    await db.notification.findMany({
      ...newest,
      where: whereUnread(ownerId),
      take: MAX_SNAPSHOT_ROWS.notification,
    }),
  )
  // One after another: together, their parameters would be serialized without a pause for other requests.
  const gone = await findGoneIds(db, options)
  const subjectIds = await findSubjectIds(db, { ...options, currentTaskIds })
  const taskIds = await findChangedIds(db, 'task', { ...options, otherIds: currentTaskIds })
  const videoIds = await findChangedIds(db, 'video', { ...options, otherIds: subjectIds })
  const machineIds = await findChangedIds(db, 'machine', { ...options, otherIds: subjectIds })
  const captionIds = await findChangedIds(db, 'caption', { ...options, otherIds: currentCaptionIds })
  const ownRows = { ownerId, limit: CHUNK_ROWS }
  const notificationIds = await findChangedIds(db, 'notification', { ...options, otherIds: unreadIds })
  const playlistIds = await findChangedIds(db, 'playlist', { ...options, otherIds: [] })
  return {
    tasks: await readInChunks(taskIds, async (ids) =>
      toTaskDtos(db, await db.task.findMany({ where: { id: { in: ids } } })),
    ),
    videos: await readInChunks(videoIds, async (ids) => (await listVideos(db, { ...ownRows, ids })).videos),
    machines: await readInChunks(
      machineIds,
      async (ids) => (await listMachines(db, { ...ownRows, ids })).machines,
    ),
    captions: await readInChunks(captionIds, (ids) => listCaptions(db, { ownerId, id: { in: ids } })),
    notifications: await readInChunks(notificationIds, async (ids) =>
      (await findShownNotifications(db, ids)).map(({ notification }) => notification),
    ),
    playlists: await readInChunks(playlistIds, (ids) => findPlaylists(db, { ownerId, ids })),
    gone,
  }
}

/** Rows that are read and converted without a pause for other requests. */
const CHUNK_ROWS = 50

async function readInChunks<Row>(ids: string[], read: (ids: string[]) => Promise<Row[]>) {
  const rows: Row[] = []
  for (let at = 0; at < ids.length; at += CHUNK_ROWS)
    rows.push(...(await read(ids.slice(at, at + CHUNK_ROWS))))
  return rows
}

/** The known versions as a table. Compared in the database: a page may know thousands of rows. */
const knownRows = (known: Options['known']) =>
  Prisma.sql`(SELECT key::uuid AS id, value::bigint AS version FROM jsonb_each_text(${JSON.stringify(known)}::jsonb))`

/** The table of each type. */
const TABLES: Record<LiveType, string> = {
  task: 'task',
  video: 'video',
  machine: 'machine',
  caption: 'caption',
  notification: 'mail_note',
  playlist: 'playlist',
}

const toIds = (rows: { id: string }[]) => rows.map(({ id }) => id)

/** Known rows, and the rows `otherIds`, whose version is higher than the known one. */
const findChangedIds = async (
  db: Db,
  type: LiveType,
  { ownerId, known, otherIds }: Options & { otherIds: string[] },
) =>
  toIds(
    await db.$queryRaw<{ id: string }[]>`
      SELECT id FROM ${Prisma.raw(TABLES[type])} AS live LEFT JOIN ${knownRows(known)} k USING (id)
      WHERE "ownerId" = ${ownerId} AND (k.id IS NOT NULL OR id = ANY (${otherIds}::uuid[]))
        AND live.version > coalesce(k.version, 0)
      ORDER BY id DESC LIMIT ${MAX_SNAPSHOT_ROWS[type]}`,
  )

/** The videos and machines that known and current tasks belong to. */
const findSubjectIds = async (
  db: Db,
  { ownerId, known, currentTaskIds }: Options & { currentTaskIds: string[] },
) =>
  toIds(
    await db.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT "subjectId" AS id FROM task LEFT JOIN ${knownRows(known)} k USING (id)
      WHERE "ownerId" = ${ownerId} AND "subjectId" IS NOT NULL
        AND (k.id IS NOT NULL OR id = ANY (${currentTaskIds}::uuid[]))`,
  )

const findGoneIds = async (db: Db, { ownerId, known }: Options) =>
  toIds(
    await db.$queryRaw<{ id: string }[]>`
      SELECT id FROM ${knownRows(known)} k
      WHERE NOT EXISTS (SELECT FROM task t WHERE t.id = k.id AND t."ownerId" = ${ownerId})
        AND NOT EXISTS (SELECT FROM video v WHERE v.id = k.id AND v."ownerId" = ${ownerId})
        AND NOT EXISTS (SELECT FROM machine m WHERE m.id = k.id AND m."ownerId" = ${ownerId})
        AND NOT EXISTS (SELECT FROM caption c WHERE c.id = k.id AND c."ownerId" = ${ownerId})
        AND NOT EXISTS (SELECT FROM mail_note n WHERE n.id = k.id AND n."ownerId" = ${ownerId})
        AND NOT EXISTS (SELECT FROM playlist p WHERE p.id = k.id AND p."ownerId" = ${ownerId})`,
  )
