import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeyWithSecret } from '@/lib/accounts/key-schema'
import { readProblem } from '@/tests/support/read-problem'
import { atServer, type TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { createPlayableVideo, createShareClient } from '@/tests/support/shared-video-fixture'
import { TUS_HEADERS } from '@/tests/support/tus-client'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let eve: TestUser
let videoId: string

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  videoId = await createPlayableVideo({ web, db: database.db, user: ada })
})
afterAll(() => web.stop())

const FILE = new Uint8Array(Buffer.from('\0\0\0\x20ftypisom, another file of the video', 'latin1'))
const post = (user: TestUser, replaces: string) =>
  user.fetch(`/api/v1/videos?filename=new.mp4&replaces=${replaces}`, { method: 'POST', body: FILE })
const tus = (user: TestUser, replaces: string, filename = 'new.mp4') => {
  const encode = (text: string) => Buffer.from(text).toString('base64')
  const metadata = `filename ${encode(filename)},replaces ${encode(replaces)}`
  const headers = { ...TUS_HEADERS, 'upload-length': String(FILE.length), 'upload-metadata': metadata }
  return user.fetch('/api/uploads', { method: 'POST', headers })
}
const countRows = async () => [
  await database.db.video.count(),
  await database.db.upload.count({ where: { videoId: null } }),
]

describe('the file of a video', () => {
  it('is not replaced by another user, nor by a name that is no video', { tags: 'full' }, async () => {
    const before = await countRows()
    for (const send of [post, tus]) expect((await send(eve, videoId)).status).toBe(404)
    for (const id of ['x', '../..', `${videoId}'--`]) expect((await tus(ada, id)).status).toBe(404)
    expect((await post(ada, 'x')).status).toBe(400)
    expect((await tus(ada, videoId, 'new.age')).status).toBe(400)
    expect(await countRows()).toEqual(before)
  })

  it(
    'is not replaced with a key for uploads, because the former file is deleted',
    { tags: 'full' },
    async () => {
      const before = await countRows()
      const body = JSON.stringify({ name: 'uploads', scopes: ['upload'] })
      const { key } = await ada.fetchJson<KeyWithSecret>('/api/v1/keys', { method: 'POST', body })
      const uploader = atServer({ ...ada, key }, web.url)
      for (const send of [post, tus]) {
        const response = await send(uploader, videoId)
        expect(response.status).toBe(403)
        expect((await readProblem(response)).code).toBe('key.scope_missing')
      }
      expect(await countRows()).toEqual(before)
    },
  )

  it(
    'that is new is not reached by links to the video, nor by other users, before it is ready',
    {
      tags: 'full',
    },
    async () => {
      const client = createShareClient(web, ada)
      const { token } = await client.share(videoId)
      const { grant } = await client.openJson(token)
      expect((await post(ada, videoId)).status).toBe(202)
      const next = await database.db.video.findFirstOrThrow({ where: { replacesId: videoId } })
      for (const file of ['source', 'hls/master.m3u8', `../${next.id}/source`]) {
        expect((await eve.fetch(`/media/videos/${next.id}/${file}`)).status).toBe(404)
        const shared = `/media/shares/${grant}/${file === 'hls/master.m3u8' ? `../${next.id}/${file}` : file}`
        expect(await client.statusOf(shared)).toBeGreaterThanOrEqual(401)
      }
      const { videos } = await ada.fetchJson<{ videos: { id: string }[] }>('/api/v1/videos')
      expect(videos.map(({ id }) => id)).toEqual([videoId])
      // The former one is still what viewers see.
      expect(await client.statusOf(`/media/shares/${grant}/hls/360p/0.m4s`)).toBe(200)
      expect(await client.statusOf(`/media/shares/${grant}/hls/360p/0.m4s?v=${next.id}`)).toBe(410)
    },
  )

  it('is not replaced while the video is in the trash', { tags: 'full' }, async () => {
    await database.db.video.update({
      where: { id: videoId },
      data: { deletedAt: new Date(), purgeAt: new Date(Date.now() + 1e9) },
    })
    expect((await readProblem(await post(ada, videoId))).code).toBe('video.in_trash')
    expect((await tus(ada, videoId)).status).toBe(409)
  })
})
