import { lockUser } from '../accounts/lock-user'
import * as messages from '@/lib/generated/messages/playlist-errors'
import type { Db, Tx } from '../database/db'
import { AppError, conflictError, notFound } from '../errors'
import { MAX_PLAYLIST_VIDEOS, MAX_PLAYLISTS } from './limits'
import { findPlaylist } from './queries'

interface Target {
  db: Db
  id: string
  ownerId: string
}

interface NewPlaylist {
  db: Db
  ownerId: string
  name: string
  videoIds: string[]
  /** Whether videos that no longer exist are left out. Default: false. */
  skipMissing?: boolean
}

/** @throws {AppError} playlist.too_many, video.not_found */
export const createPlaylist = ({ db, ownerId, name, videoIds, skipMissing }: NewPlaylist) =>
  db.$transaction(async (tx) => {
    // Concurrent requests cannot exceed the limit together.
    await lockUser(tx, ownerId)
    if ((await tx.playlist.count({ where: { ownerId } })) >= MAX_PLAYLISTS) throw tooManyPlaylists()
    const { id } = await tx.playlist.create({ data: { ownerId, name } })
    await appendVideos(tx, { id, ownerId, videoIds, skipMissing })
    return findPlaylist(tx, { id, ownerId })
  })

/**
 * Renames a playlist, and orders its videos. Nothing is lost by an order that another tab has outdated: it is refused.
 * @throws {AppError} playlist.not_found, request.conflict
 */
export const updatePlaylist = ({
  db,
  id,
  ownerId,
  name,
  videoIds,
}: Target & { name?: string; videoIds?: string[] }) =>
  db.$transaction(async (tx) => {
    const playlist = await lockPlaylist(tx, { id, ownerId })
    await touchPlaylist(tx, { id, name })
    if (videoIds) {
      if (playlist.videoIds.toSorted().join() !== videoIds.toSorted().join())
        throw conflictError(new Error('the order is of other videos'))
      await tx.$executeRaw`
        UPDATE playlist_entry SET index = array_position(${videoIds}::uuid[], "videoId")
        WHERE "playlistId" = ${id}::uuid`
    }
    return findPlaylist(tx, { id, ownerId })
  })

/** Adds videos at the end. @throws {AppError} playlist.not_found, video.not_found, playlist.too_long */
export const addToPlaylist = ({
  db,
  id,
  ownerId,
  ...added
}: Target & Pick<NewPlaylist, 'videoIds' | 'skipMissing'>) =>
  db.$transaction(async (tx) => {
    await lockPlaylist(tx, { id, ownerId })
    await appendVideos(tx, { id, ownerId, ...added })
    await touchPlaylist(tx, { id })
    return findPlaylist(tx, { id, ownerId })
  })

/** Removes a video from a playlist. The video stays. @throws {AppError} playlist.not_found */
export const removeFromPlaylist = ({ db, id, ownerId, videoId }: Target & { videoId: string }) =>
  db.$transaction(async (tx) => {
    await lockPlaylist(tx, { id, ownerId })
    await tx.playlistEntry.deleteMany({ where: { playlistId: id, videoId } })
    await touchPlaylist(tx, { id })
    return findPlaylist(tx, { id, ownerId })
  })

/** Deletes a playlist. Its videos stay. @throws {AppError} playlist.not_found */
export async function deletePlaylist({ db, id, ownerId }: Target) {
  const { count } = await db.playlist.deleteMany({ where: { id, ownerId } })
  if (count === 0) throw notFound('playlist')
}

/** Locks a playlist until `tx` ends, so that concurrent changes see each other's entries. @throws {AppError} playlist.not_found */
export async function lockPlaylist(tx: Tx, where: { id: string; ownerId: string }) {
  await tx.$queryRaw`
    SELECT id FROM playlist WHERE id = ${where.id}::uuid AND "ownerId" = ${where.ownerId} FOR UPDATE`
  return findPlaylist(tx, where)
}

/** Raises the version, by a trigger, so that open pages learn of a change of its videos. */
const touchPlaylist = (tx: Tx, { id, name }: { id: string; name?: string }) =>
  tx.playlist.update({ where: { id }, data: { name, version: 0 } })

/**
 * Raises the versions of the playlists with a video that `tx` destroys after this. They are locked before their entries, as
 * all changes of them do.
 */
export const touchPlaylistsOf = (tx: Tx, videoId: string) => tx.$executeRaw`
  UPDATE playlist SET version = 0 FROM (
    SELECT one.id FROM playlist AS one JOIN playlist_entry ON one.id = "playlistId"
    WHERE "videoId" = ${videoId}::uuid ORDER BY one.id FOR UPDATE OF one
  ) AS locked WHERE playlist.id = locked.id`

async function appendVideos(
  tx: Tx,
  {
    id,
    ownerId,
    videoIds,
    skipMissing = false,
  }: { id: string } & Pick<NewPlaylist, 'ownerId' | 'videoIds' | 'skipMissing'>,
) {
  const named = [...new Set(videoIds)]
  // The new file of a video is a video itself until it replaces the former one.
  const owned = await tx.video.findMany({
    where: { id: { in: named }, ownerId, replacesId: null },
    select: { id: true },
  })
  if (!skipMissing && owned.length < named.length) throw notFound('video')
  const ownedIds = new Set(owned.map((video) => video.id))
  const ids = named.filter((videoId) => ownedIds.has(videoId))
  const last = await tx.playlistEntry.aggregate({ where: { playlistId: id }, _max: { index: true } })
  const start = (last._max.index ?? 0) + 1
  await tx.playlistEntry.createMany({
    data: ids.map((videoId, n) => ({ playlistId: id, videoId, index: start + n })),
    skipDuplicates: true,
  })
  if ((await tx.playlistEntry.count({ where: { playlistId: id } })) > MAX_PLAYLIST_VIDEOS) throw tooLong()
}

const tooManyPlaylists = () =>
  new AppError({
    code: 'playlist.too_many',
    message: messages.tooMany({ maximum: MAX_PLAYLISTS }),
    status: 409,
  })

const tooLong = () =>
  new AppError({
    code: 'playlist.too_long',
    message: messages.tooLong({ maximum: MAX_PLAYLIST_VIDEOS }),
    status: 409,
  })
