import { beforeEach, expect, it } from 'vitest'
import {
  addToPlaylist,
  createPlaylist,
  deletePlaylist,
  removeFromPlaylist,
  touchPlaylistsOf,
  updatePlaylist,
} from '@/lib/playlists/commands'
import { MAX_PLAYLIST_VIDEOS } from '@/lib/playlists/limits'
import { findPlaylists, getPlaylist, listPlaylists } from '@/lib/playlists/queries'
import { useDatabase } from '@/tests/support/database'

const database = useDatabase()
const ownerId = 'ada'

beforeEach(async () => {
  await database.db.user.deleteMany({ where: { id: { in: ['ada', 'eve'] } } })
  for (const id of ['ada', 'eve'])
    await database.db.user.create({ data: { id, name: id, email: `${id}@example.com` } })
})

async function createVideos(titles: string[], owner = ownerId) {
  const rows = await Promise.all(
    titles.map((title) =>
      database.db.video.create({
        data: { ownerId: owner, title, filename: title, sizeBytes: 1, sourceKey: title },
      }),
    ),
  )
  return rows.map(({ id }) => id)
}

const create = (videoIds: string[]) => createPlaylist({ db: database.db, ownerId, name: 'Holiday', videoIds })
const readTitles = async (id: string) =>
  (await getPlaylist(database.db, { id, ownerId })).videos.map(({ title }) => title)

it('keeps each video once, in order', async () => {
  const [a, b, c] = (await createVideos(['a', 'b', 'c'])) as [string, string, string]
  const { id } = await create([b, a, b])
  await addToPlaylist({ db: database.db, id, ownerId, videoIds: [a, c] })
  expect(await readTitles(id)).toEqual(['b', 'a', 'c'])
  await updatePlaylist({ db: database.db, id, ownerId, videoIds: [c, b, a] })
  expect(await readTitles(id)).toEqual(['c', 'b', 'a'])
  await removeFromPlaylist({ db: database.db, id, ownerId, videoId: b })
  expect(await readTitles(id)).toEqual(['c', 'a'])
})

it('refuses an order of other videos than it has, and changes nothing', async () => {
  const [a, b] = (await createVideos(['a', 'b'])) as [string, string]
  const { id } = await create([a, b])
  for (const videoIds of [[a], [b, a, a], []])
    await expect(updatePlaylist({ db: database.db, id, ownerId, videoIds })).rejects.toThrow(
      'at the same time',
    )
  expect(await readTitles(id)).toEqual(['a', 'b'])
})

it('hides a video in the trash, which returns to its place when restored', async () => {
  const [a, b, c] = (await createVideos(['a', 'b', 'c'])) as [string, string, string]
  const { id } = await create([a, b, c])
  const setDeletedAt = (deletedAt: Date | null) =>
    database.db.video.update({ where: { id: b }, data: { deletedAt } })
  await setDeletedAt(new Date())
  expect(await readTitles(id)).toEqual(['a', 'c'])
  expect(await listPlaylists(database.db, ownerId)).toMatchObject([{ id, name: 'Holiday', videoCount: 2 }])
  await setDeletedAt(null)
  expect(await readTitles(id)).toEqual(['a', 'b', 'c'])
  await database.db.video.delete({ where: { id: b } })
  expect(await readTitles(id)).toEqual(['a', 'c'])
})

it('takes no file that is to replace that of a video', async () => {
  const [video, file] = (await createVideos(['video', 'file'])) as [string, string]
  await database.db.video.update({ where: { id: file }, data: { replacesId: video } })
  await expect(create([video, file])).rejects.toMatchObject({ code: 'video.not_found' })
})

it('takes no video of another user, and shows and changes nothing of another user', async () => {
  const [own] = (await createVideos(['own'])) as [string]
  const [foreign] = (await createVideos(['foreign'], 'eve')) as [string]
  await expect(create([foreign])).rejects.toThrow('Video not found')
  const { id } = await create([own])
  await expect(addToPlaylist({ db: database.db, id, ownerId, videoIds: [foreign] })).rejects.toThrow(
    'Video not found',
  )
  const target = { db: database.db, id, ownerId: 'eve' }
  await expect(addToPlaylist({ ...target, videoIds: [foreign] })).rejects.toThrow('Playlist not found')
  await expect(updatePlaylist({ ...target, name: 'Mine' })).rejects.toThrow('Playlist not found')
  await expect(removeFromPlaylist({ ...target, videoId: own })).rejects.toThrow('Playlist not found')
  await expect(deletePlaylist(target)).rejects.toThrow('Playlist not found')
  expect(await listPlaylists(database.db, 'eve')).toEqual([])
  expect(await readTitles(id)).toEqual(['own'])
})

it('does not exceed its limit with concurrent additions', async () => {
  const ids = await createVideos(Array.from({ length: MAX_PLAYLIST_VIDEOS + 2 }, (_, n) => String(n)))
  const { id } = await create(ids.slice(0, MAX_PLAYLIST_VIDEOS - 1))
  const additions = ids
    .slice(MAX_PLAYLIST_VIDEOS - 1)
    .map((videoId) => addToPlaylist({ db: database.db, id, ownerId, videoIds: [videoId] }))
  const settled = await Promise.allSettled(additions)
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

it('raises its version with every change, also when a video of it is destroyed', async () => {
  const [a, b, c] = (await createVideos(['a', 'b', 'c'])) as [string, string, string]
  const { id, version } = await create([a, b])
  const target = { db: database.db, id, ownerId }
  const versions = [
    version,
    (await addToPlaylist({ ...target, videoIds: [c] })).version,
    (await updatePlaylist({ ...target, videoIds: [c, b, a] })).version,
    (await updatePlaylist({ ...target, name: 'Summer' })).version,
    (await removeFromPlaylist({ ...target, videoId: a })).version,
  ]
  await database.db.$transaction(async (tx) => {
    await touchPlaylistsOf(tx, b)
    await tx.video.delete({ where: { id: b } })
  })
  const [listed] = await findPlaylists(database.db, { ownerId, ids: [id] })
  expect(listed!.videoIds).toEqual([c])
  versions.push(listed!.version)
  expect(versions).toEqual(versions.toSorted((one, other) => one - other))
  expect(new Set(versions).size).toBe(versions.length)
})

it('is created again without the videos that were destroyed meanwhile, and only if that is requested', async () => {
  const [a, b] = (await createVideos(['a', 'b'])) as [string, string]
  const [other] = await createVideos(['c'], 'eve')
  await database.db.video.delete({ where: { id: a } })
  await expect(create([a, b])).rejects.toMatchObject({ code: 'video.not_found' })
  const videoIds = [a, b, other!]
  const restored = { db: database.db, ownerId, name: 'Holiday', videoIds, skipMissing: true }
  expect((await createPlaylist(restored)).videoIds).toEqual([b])
})
