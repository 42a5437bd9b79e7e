// Over 200 lines because all attacks on a shared playlist use one app with its owner, viewers and videos.

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { GRANT_SECONDS, issueGrant } from '@/lib/shares/media-grant'
import type { PlaylistDto } from '@/lib/playlists/schema'
import type { ShareDto, SharedVideoDto } from '@/lib/shares/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { createPlayableVideo, createShareClient } from '@/tests/support/shared-video-fixture'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let eve: TestUser
/** In the playlist. */
let first: string
let second: string
/** Of the same owner, but in no playlist. */
let other: string
let client: ReturnType<typeof createShareClient>
let playlistId: string

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  const create = () => createPlayableVideo({ web, db: database.db, user: ada })
  first = await create()
  second = await create()
  other = await create()
  client = createShareClient(web, ada)
})
afterAll(() => web.stop())
beforeEach(async () => {
  const init = { method: 'POST', body: JSON.stringify({ name: 'Holiday', videoIds: [first, second] }) }
  playlistId = (await ada.fetchJson<PlaylistDto>('/api/v1/playlists', init)).id
})

const FILES = ['hls/master.m3u8', 'hls/360p/index.m3u8', 'hls/360p/0.m4s', 'poster.jpg', 'chapters.vtt']
const statusesOf = (grant: string, videoId: string, files = FILES) =>
  Promise.all(files.map((file) => client.statusOf(`/media/shares/${grant}/${videoId}/${file}`)))
const all = (status: number, files = FILES) => files.map(() => status)
const removeVideo = (videoId: string) =>
  ada.fetch(`/api/v1/playlists/${playlistId}/videos/${videoId}`, { method: 'DELETE' })
const addVideo = (videoId: string) =>
  ada.fetch(`/api/v1/playlists/${playlistId}/videos`, {
    method: 'POST',
    body: JSON.stringify({ videoIds: [videoId] }),
  })

describe('a link to a playlist', () => {
  it('opens the videos that the playlist has, in order, and nothing else of its owner', async () => {
    const { token } = await client.sharePlaylist(playlistId)
    const { grant, playlistName, videos } = await client.openPlaylist(token)
    expect([playlistName, videos.map(({ id }) => id)]).toEqual(['Holiday', [first, second]])
    for (const id of [first, second]) {
      expect(await statusesOf(grant, id)).toEqual(all(200))
      const opened = await client.openPlaylistVideo(token, { videoId: id, grant })
      const video = (await opened.json()) as SharedVideoDto
      expect(await client.statusOf(video.urls.hls)).toBe(200)
      expect(video.downloads).toEqual([])
    }
    expect(await client.statusOf(videos[0]!.posterUrl!)).toBe(200)
    const downloads = ['source', 'downloads/360p.mp4']
    expect(await statusesOf(grant, first, downloads)).toEqual(all(404, downloads))
    expect(await statusesOf(grant, other)).toEqual(all(404))
    expect((await client.openPlaylistVideo(token, { videoId: other, grant })).status).toBe(404)
    for (const path of [
      'hls/master.m3u8',
      `${first}/../${other}/hls/master.m3u8`,
      `${first}%2f..%2f..%2f${other}%2fhls%2fmaster.m3u8`,
      `${first}/${other}/hls/master.m3u8`,
      `${first}/..%2f${other}/poster.jpg`,
      first,
    ])
      expect(await client.statusOf(`/media/shares/${grant}/${path}`), path).toBe(404)
    // The grant is no credential of the API, nor of the media of the owner.
    const headers = { authorization: `Bearer ${grant}`, cookie: `share=${grant}` }
    for (const at of [`/api/v1/playlists/${playlistId}`, `/media/videos/${first}/hls/master.m3u8`])
      expect((await fetch(web.url + at, { headers })).status).toBe(401)
  })

  it('opens neither by the grant of another link nor with an altered one', async () => {
    const { token, id } = await client.sharePlaylist(playlistId)
    const { grant } = await client.openPlaylist(token)
    const video = await client.share(other)
    const { grant: videoGrant } = await client.openJson(video.token)
    const [, expiry, nonce, signature] = grant.split('.')
    const forged = [
      [video.id, expiry, nonce, signature].join('.'),
      [id, String(Number(expiry) + 1), nonce, signature].join('.'),
      videoGrant,
    ]
    for (const one of forged) {
      expect(await statusesOf(one, first), one).toEqual(all(404))
      expect((await client.openPlaylistVideo(token, { videoId: first, grant: one })).status).toBe(404)
      expect((await client.countView(token, one)).status).toBe(404)
    }
    // The link to a video opens no file of a playlist, and the other way round.
    expect((await client.openPlaylistVideo(video.token, { videoId: other, grant: videoGrant })).status).toBe(
      404,
    )
    expect(await client.statusOf(`/media/shares/${grant}/hls/master.m3u8`)).toBe(404)
    expect(await client.statusOf(`/media/shares/${token}/poster.jpg`)).toBe(200)
    expect(await client.statusOf(`/media/shares/${token}/${first}/hls/master.m3u8`)).toBe(404)
  })

  it('follows the playlist: what was removed or deleted is dead at once, what was added opens', async () => {
    const { token } = await client.sharePlaylist(playlistId)
    const { grant } = await client.openPlaylist(token)
    await removeVideo(first)
    expect(await statusesOf(grant, first)).toEqual(all(404))
    expect((await client.openPlaylistVideo(token, { videoId: first, grant })).status).toBe(404)
    await addVideo(other)
    expect((await client.openPlaylist(token)).videos.map(({ id }) => id)).toEqual([second, other])
    expect(await statusesOf(grant, other)).toEqual(all(200))
    const change = (action: string) =>
      ada.fetch('/api/v1/videos/bulk', { method: 'POST', body: JSON.stringify({ action, ids: [other] }) })
    await change('delete')
    expect(await statusesOf(grant, other)).toEqual(all(404))
    expect((await client.openPlaylist(token)).videos.map(({ id }) => id)).toEqual([second])
    await change('restore')
    expect(await statusesOf(grant, other)).toEqual(all(200))
    await ada.fetch(`/api/v1/playlists/${playlistId}`, { method: 'DELETE' })
    expect(await statusesOf(grant, second)).toEqual(all(404))
    expect(await client.statusOf(`/s/${token}`)).toBe(404)
  })

  const endings: [string, (share: ShareDto) => Promise<unknown>][] = [
    ['revoked', ({ id }) => client.revoke(id)],
    [
      'expired',
      ({ id }) => database.db.share.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } }),
    ],
  ]
  it.each(endings)('is dead at once when it is %s', async (_, end) => {
    const share = await client.sharePlaylist(playlistId)
    const { grant } = await client.openPlaylist(share.token)
    expect(await statusesOf(grant, first)).toEqual(all(200))
    await end(share)
    expect(await statusesOf(grant, first)).toEqual(all(404))
    expect((await client.renew(share.token, grant)).status).toBe(404)
    expect((await client.openPlaylistVideo(share.token, { videoId: first, grant })).status).toBe(404)
    expect(await client.statusOf(`/s/${share.token}`)).toBe(404)
    expect(await client.statusOf(`/media/shares/${share.token}/poster.jpg`)).toBe(404)
  })

  it('shows nothing before its password, and downloads only while they are allowed', async () => {
    const settings = { password: 'correct-horse', isDownloadAllowed: true }
    const { token, id } = await client.sharePlaylist(playlistId, settings)
    const page = await (await fetch(`${web.url}/s/${token}`)).text()
    for (const secret of ['Holiday', 'film', first, '/media/shares/']) expect(page).not.toContain(secret)
    expect(await client.statusOf(`/media/shares/${token}/poster.jpg`)).toBe(404)
    const { grant } = await client.openPlaylist(token, 'correct-horse')
    const [source] = await statusesOf(grant, first, ['source'])
    expect(source).toBe(200)
    await client.change(id, { isDownloadAllowed: false })
    expect(await statusesOf(grant, first, ['source'])).toEqual([404])
    await client.change(id, { password: 'another-horse' })
    expect(await statusesOf(grant, first)).toEqual(all(404))
    expect((await client.renew(token, grant)).status).toBe(403)
  })

  it('is neither listed, created, changed nor revoked by another user', async () => {
    const { id } = await client.sharePlaylist(playlistId)
    const before = await database.db.share.findUniqueOrThrow({ where: { id } })
    const change = { method: 'PATCH', body: JSON.stringify({ isDownloadAllowed: true }) }
    for (const response of [
      await eve.fetch(`/api/v1/playlists/${playlistId}/shares`),
      await eve.fetch(`/api/v1/playlists/${playlistId}/shares`, { method: 'POST', body: '{}' }),
      await eve.fetch(`/api/v1/shares/${id}`, change),
      await eve.fetch(`/api/v1/shares/${id}`, { method: 'DELETE' }),
    ])
      expect(response.status).toBe(404)
    expect(await database.db.share.findUniqueOrThrow({ where: { id } })).toEqual(before)
    const listed = await ada.fetchJson<{ shares: ShareDto[] }>(`/api/v1/playlists/${playlistId}/shares`)
    expect(listed.shares.map((share) => share.id)).toEqual([id])
  })

  it('counts a view once, however many of its videos are watched', async () => {
    const { token, id } = await client.sharePlaylist(playlistId)
    const { grant } = await client.openPlaylist(token)
    await Promise.all([1, 2, 3].map(() => client.countView(token, grant)))
    expect((await database.db.share.findUniqueOrThrow({ where: { id } })).viewCount).toBe(1)
  })
})

describe('a grant', () => {
  /** A grant whose time ends in `seconds`. */
  async function endingIn(id: string, seconds: number) {
    const share = await database.db.share.findUniqueOrThrow({ where: { id } })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - (GRANT_SECONDS - seconds) * 1000 })
    const grant = issueGrant(share)
    vi.useRealTimers()
    return grant
  }

  it('is renewed for a viewer who keeps watching, counts once, and is not renewed after its end', async () => {
    const settings = { password: 'correct-horse' }
    const { token, id: shareId } = await client.sharePlaylist(playlistId, settings)
    const fresh = (await client.openPlaylist(token, settings.password)).grant
    const renew = (grant: string) => client.renew(token, grant)
    expect(((await (await renew(fresh)).json()) as { grant: string }).grant).toBe(fresh)
    const late = await endingIn(shareId, 60)
    const response = await renew(late)
    const renewed = ((await response.json()) as { grant: string }).grant
    const [id, expiry, nonce] = renewed.split('.')
    expect([id, nonce]).toEqual([late.split('.')[0], late.split('.')[2]])
    expect(Number(expiry)).toBeGreaterThan(Date.now() / 1000 + 5 * 3_600)
    expect(response.headers.get('set-cookie')).toContain(renewed)
    expect(await statusesOf(renewed, first)).toEqual(all(200))
    const ended = await endingIn(shareId, -1)
    expect((await renew(ended)).status).toBe(403)
    expect(await statusesOf(ended, first)).toEqual(all(404))
  })
})
