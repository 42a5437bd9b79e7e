import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MAX_BULK_VIDEOS } from '@/lib/videos/bulk-limit'
import type { BulkResult } from '@/lib/videos/bulk-schema'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { readProblem } from '@/tests/support/read-problem'
import { readZip } from '@/tests/support/read-zip'
import { createPlayableVideo, createShareClient } from '@/tests/support/shared-video-fixture'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
const videoIds: string[] = []

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  for (let n = 0; n < 2; n++) videoIds.push(await createPlayableVideo({ web, db: database.db, user: ada }))
})
afterAll(() => web.stop())

const send = (body: object, user = ada) =>
  user.fetch('/api/v1/videos/bulk', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const list = async (query = '') =>
  (await ada.fetchJson<{ videos: VideoDto[] }>(`/api/v1/videos${query}`)).videos.map(({ id }) => id)
const sources = (ids: string[], user = ada) => user.fetch(`/api/v1/sources?ids=${ids.join(',')}`)

it('moves videos to the trash, where their links stop working, and back', async () => {
  const client = createShareClient(web, ada)
  const { url, token } = await client.share(videoIds[0]!)
  const { urls } = await client.openJson(token)
  const response = await send({ action: 'delete', ids: [videoIds[0], randomUUID()] })
  const { results, videos } = (await response.json()) as BulkResult
  expect(results.map(({ error }) => error?.code ?? null)).toEqual([null, 'video.not_found'])
  expect(videos).toMatchObject([{ id: videoIds[0], deletedAt: expect.any(String) }])
  expect([await list(), await list('?deleted=true')]).toEqual([[videoIds[1]], [videoIds[0]]])
  expect([await client.statusOf(url), await client.statusOf(urls.hls)]).toEqual([404, 404])
  expect((await send({ action: 'restore', ids: [videoIds[0]] })).status).toBe(200)
  expect((await list()).toSorted()).toEqual(videoIds.toSorted())
  expect(await client.statusOf(url)).toBe(200)
})

it('refuses more videos than one change may have, and unknown actions', async () => {
  const ids = Array.from({ length: MAX_BULK_VIDEOS + 1 }, () => randomUUID())
  for (const body of [
    { action: 'delete', ids },
    { action: 'delete', ids: [] },
    { action: 'burn', ids: videoIds },
  ])
    expect((await readProblem(await send(body))).code).toBe('request.invalid')
  expect((await sources(ids)).status).toBe(400)
  expect((await sources(['no-uuid'])).status).toBe(400)
})

it('downloads the uploaded files as one archive, whose names are unique', async () => {
  const response = await sources(videoIds)
  expect(response.headers.get('content-type')).toBe('application/zip')
  const bytes = Buffer.from(await response.arrayBuffer())
  expect(Number(response.headers.get('content-length'))).toBe(bytes.length)
  const entries = readZip(bytes)
  expect([...entries.keys()]).toEqual(['film.mp4', 'film (2).mp4'])
  expect([...entries.values()].map(({ length }) => length)).toEqual([64, 64])
  const head = await ada.fetch(`/api/v1/sources?ids=${videoIds.join(',')}`, { method: 'HEAD' })
  expect(Number(head.headers.get('content-length'))).toBe(bytes.length)
  const eve = await web.createUser('eve@example.com')
  expect((await sources(videoIds, eve)).status).toBe(404)
})
