import { once } from 'node:events'
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
})
afterAll(() => web.stop())

const MISSING_ID = '00000000-0000-4000-8000-000000000000'

async function send(at: string, options: { method?: string; headers?: IncomingHttpHeaders } = {}) {
  const { method = 'GET', headers = { authorization: `Bearer ${ada.key}` } } = options
  const request = httpRequest(new URL(at, web.url), { method, headers })
  request.end()
  const [response] = await once(request, 'response')
  // Next.js adds what varies its pages.
  const {
    date: _date,
    'content-length': _length,
    vary: _vary,
    ...received
  } = response.headers as IncomingHttpHeaders
  return { status: response.statusCode as number, headers: received, body: await buffer(response) }
}

it.each([
  ['/api/v1/tasks', 200],
  ['/api/v1/tasks?limit=0', 400],
  [`/api/v1/tasks/${MISSING_ID}`, 404],
  ['/api/v1/videos?sort=title', 200],
  [`/api/v1/videos/${MISSING_ID}`, 404],
  ['/api/v1/machines', 200],
  [`/api/v1/machines/${MISSING_ID}`, 404],
])(
  'answers GET %s, which bypasses Next.js, with the status and headers of HEAD, which does not',
  async (at, status) => {
    const [get, head] = [await send(at), await send(at, { method: 'HEAD' })]
    expect(get.status).toBe(status)
    expect([get.status, get.headers]).toEqual([head.status, head.headers])
    const anonymous = await send(at, { headers: {} })
    expect([anonymous.status, JSON.parse(anonymous.body.toString()).code]).toEqual([
      401,
      'account.sign_in_required',
    ])
    expect(anonymous.headers).toEqual((await send(at, { method: 'HEAD', headers: {} })).headers)
  },
)

it('leaves what is no id to Next.js', async () => {
  expect((await send('/api/v1/tasks/no-uuid')).status).toBe(404)
  expect((await send('/api/v1/videos/bulk')).status).toBe(405)
})

it('leaves a path with a slash at its end to Next.js, which redirects it', async () => {
  expect(await send('/api/v1/tasks/')).toMatchObject({ status: 308, headers: { location: '/api/v1/tasks' } })
})

it('compresses a list for clients that accept it, unless it is short', async () => {
  const ownerId = (await database.db.user.findFirstOrThrow()).id
  const video = { ownerId, title: 'Film', filename: 'f', sizeBytes: 1, sha256: '', sourceKey: '' }
  const list = async (encodings: string) =>
    send('/api/v1/videos', { headers: { authorization: `Bearer ${ada.key}`, 'accept-encoding': encodings } })
  expect((await list('gzip')).headers).not.toHaveProperty('content-encoding')
  await database.db.video.createMany({ data: [video, video, video] })
  const plain = await list('gzip;q=0, br')
  expect(plain.headers).not.toHaveProperty('content-encoding')
  const compressed = await list('br, gzip')
  expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip' })
  expect(gunzipSync(compressed.body)).toEqual(plain.body)
  expect(JSON.parse(plain.body.toString()).videos).toHaveLength(3)
})
