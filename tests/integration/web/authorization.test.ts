// Over 200 lines because it covers all entry points with one web process.

import { readFileSync } from 'node:fs'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { Snapshot } from '@/lib/realtime/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { createUpload, headUpload, locationOf, patchUpload } from '@/tests/support/tus-client'
import { TEST_PASSWORD, type TestUser } from '@/tests/support/accounts'
import { signIn } from '@/tests/support/sign-in'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let eve: TestUser
let clip: Uint8Array<ArrayBuffer>
let owned: { video: VideoDto; task: TaskDto }

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  clip = new Uint8Array(readFileSync(await generateMedia('web-safe.mp4')))
  owned = await uploadVideo(ada)
})
afterAll(() => web.stop())

async function uploadVideo(user: TestUser) {
  const response = await user.fetch('/api/v1/videos?filename=a.mp4', { method: 'POST', body: clip })
  expect(response.status).toBe(202)
  return (await response.json()) as typeof owned
}

/** Every request for a video or task of a user. */
const ownedRequests = () => {
  const { video, task } = owned
  return [
    ['GET', `/api/v1/videos/${video.id}`],
    ['PATCH', `/api/v1/videos/${video.id}`, JSON.stringify({ title: 'mine now' })],
    ['DELETE', `/api/v1/videos/${video.id}`],
    ['GET', `/api/v1/tasks/${task.id}`],
    ['GET', `/api/v1/tasks/${task.id}/log`],
    ['POST', `/api/v1/tasks/${task.id}/cancel`],
    ['POST', `/api/v1/tasks/${task.id}/retry`],
    ['GET', video.urls.hls],
    ['GET', video.urls.download],
    ['GET', `/media/videos/${video.id}/poster.jpg`],
    ['GET', `/media/videos/${video.id}/poster.webp`],
    ['GET', `/media/videos/${video.id}/hls/source/0.m4s`],
  ] as const
}

describe("another user's", () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('resource %i is not found', async (n) => {
    const [method, at, body] = ownedRequests()[n]!
    const response = await eve.fetch(at, { method, body })
    expect(`${method} ${at}: ${response.status}`).toBe(`${method} ${at}: 404`)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(((await response.json()) as { code: string }).code).toMatch(/\.not_found$/)
    expect(await database.db.video.count({ where: { id: owned.video.id, title: 'a' } })).toBe(1)
  })

  it('upload can be neither read nor written', async () => {
    const at = locationOf(await createUpload(ada, { name: 'b.mp4', sizeBytes: clip.length }))
    expect((await headUpload(eve, at)).status).toBe(404)
    expect((await patchUpload(eve, { at, offset: 0, body: clip })).status).toBe(404)
    expect((await headUpload(ada, at)).headers.get('upload-offset')).toBe('0')
  })

  it('rows are in no list of other users', async () => {
    const { videos } = (await (await eve.fetch('/api/v1/videos')).json()) as { videos: unknown[] }
    const { tasks } = (await (await eve.fetch('/api/v1/tasks')).json()) as { tasks: unknown[] }
    expect([...videos, ...tasks]).toEqual([])
  })
})

describe('an anonymous client', () => {
  it.each(['/api/v1/videos', '/api/v1/tasks', '/api/uploads'])('is refused with 401 at %s', async (at) => {
    const isUpload = at === '/api/uploads'
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': '5' }
    const response = await fetch(web.url + at, isUpload ? { method: 'POST', headers } : {})
    expect(response.status).toBe(401)
    expect(((await response.json()) as { code: string }).code).toBe('account.sign_in_required')
  })

  it('with a wrong key can neither read nor upload', async () => {
    const headers = { authorization: `Bearer ${ada.key}x` }
    expect((await fetch(`${web.url}/api/v1/videos`, { headers })).status).toBe(401)
    const body = clip
    const posted = await fetch(`${web.url}/api/v1/videos?filename=a.mp4`, { method: 'POST', headers, body })
    expect(posted.status).toBe(401)
  })
})

describe('the live socket', () => {
  const connect = (key: string) =>
    io(web.url, {
      path: SOCKET_PATH,
      transports: ['websocket'],
      extraHeaders: { authorization: `Bearer ${key}` },
    })
  const connected = (socket: ReturnType<typeof connect>) =>
    new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    })

  it('refuses an unknown key', async () => {
    const socket = connect('unknown')
    await expect(connected(socket)).rejects.toThrow('sign_in_required')
    socket.close()
  })

  it('is closed when the key it was opened with is revoked', async () => {
    const key = await web.createKey(ada.email)
    const socket = connect(key)
    await connected(socket)
    const closed = new Promise((resolve) => socket.once('disconnect', resolve))
    await database.db.apikey.updateMany({ where: { start: key.slice(0, 6) }, data: { enabled: false } })
    expect(await closed).toBe('io server disconnect')
    socket.close()
  })

  it('sends a user only their own rows, even when a sync names others', async () => {
    const [hers, others] = [connect(ada.key), connect(eve.key)]
    try {
      await Promise.all([connected(hers), connected(others)])
      const seen: string[] = []
      others.onAny((event: string, row: { id?: string }) =>
        seen.push(`${event} ${row?.id ?? JSON.stringify(row)}`),
      )
      const received = new Promise<TaskDto>((resolve) => hers.once('task', resolve))
      await database.db.task.update({ where: { id: owned.task.id }, data: { stage: 'changed' } })
      expect((await received).stage).toBe('changed')
      const estimates = new Promise<Record<string, unknown>>((resolve) => hers.once('estimates', resolve))
      const soon = new Date(Date.now() + 60_000)
      await database.db.taskForecast.create({
        data: {
          taskId: owned.task.id,
          computedAt: new Date(),
          endsAt: soon,
          endsFrom: soon,
          endsUntil: soon,
        },
      })
      expect(Object.keys(await estimates)).toEqual([owned.task.id])
      const known = { [owned.task.id]: 1, [owned.video.id]: 1 }
      const snapshot = (await others.emitWithAck('sync', known)) as Snapshot
      expect(snapshot).toMatchObject({ tasks: [], videos: [] })
      // Her own change is sent last: earlier events have arrived by then.
      const own = await uploadVideo(eve)
      await expect.poll(() => seen.some((line) => line.includes(own.task.id))).toBe(true)
      expect(seen.filter((line) => line.includes(owned.task.id) || line.includes(owned.video.id))).toEqual([])
    } finally {
      hers.close()
      others.close()
    }
  })
})

it('sends a new queue position when a task ahead is canceled', async () => {
  const inspection = async ({ video }: typeof owned) =>
    database.db.task.findFirstOrThrow({ where: { videoId: video.id, parentId: null } })
  const ahead = await inspection(await uploadVideo(eve))
  const behind = await inspection(await uploadVideo(ada))
  const socket = io(web.url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    extraHeaders: { authorization: `Bearer ${ada.key}` },
  })
  try {
    const received: number[] = []
    socket.on('positions', (positions: Record<string, number>) => received.push(positions[behind.id]!))
    await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
    const position = ((await (await ada.fetch(`/api/v1/tasks/${behind.id}`)).json()) as TaskDto).position!
    expect((await eve.fetch(`/api/v1/tasks/${ahead.id}/cancel`, { method: 'POST' })).ok).toBe(true)
    await expect.poll(() => received.at(-1), { timeout: 5_000 }).toBe(position - 1)
  } finally {
    socket.close()
  }
})

describe('a page of another origin', () => {
  // Another port of the same host is the same site to the browser, which sends the cookie along.
  const foreign = 'http://127.0.0.1:1'

  it('cannot change anything with the cookie of the user', async () => {
    const cookie = await signIn({ web, user: ada })
    const retry = (headers: HeadersInit) =>
      fetch(`${web.url}/api/v1/tasks/${owned.task.id}/retry`, { method: 'POST', headers })
    for (const origin of [foreign, 'null']) {
      const response = await retry({ cookie, origin })
      expect(response.status).toBe(403)
      expect(((await response.json()) as { code: string }).code).toBe('request.foreign_page')
    }
    // Authorized, and refused only because of the task's state.
    for (const headers of [{ cookie, origin: web.url }, { cookie }] as HeadersInit[])
      expect((await retry(headers)).status).toBe(409)
    expect((await retry({ authorization: `Bearer ${ada.key}`, origin: foreign })).status).toBe(409)
    const headers = { cookie, origin: foreign }
    const at = `${web.url}/api/v1/videos?filename=b.mp4`
    expect((await fetch(at, { method: 'POST', headers, body: clip })).status).toBe(403)
  })

  it('cannot open the live socket', async () => {
    const cookie = await signIn({ web, user: ada })
    const open = (origin: string) =>
      io(web.url, {
        path: SOCKET_PATH,
        transports: ['websocket'],
        forceNew: true,
        extraHeaders: { cookie, origin },
      })
    const outcome = (socket: ReturnType<typeof open>) =>
      new Promise((resolve) => {
        socket.once('connect', () => resolve('connected'))
        socket.once('connect_error', (error) => resolve(error.message))
      }).finally(() => socket.close())
    expect(await outcome(open(foreign))).toBe('foreign_page')
    expect(await outcome(open(web.url))).toBe('connected')
  })
})

it('responds to paths that only start like the path of the socket', async () => {
  for (const at of ['/api/socket', '/api/sockets'])
    expect((await ada.fetch(at, { signal: AbortSignal.timeout(5_000) })).status).toBe(404)
})

describe('an account', () => {
  it('stays signed in across a restart until it signs out', { tags: 'full' }, async () => {
    const headers = { 'content-type': 'application/json', origin: web.url }
    const cookie = await signIn({ web, user: ada })
    const readStatus = async () => (await fetch(`${web.url}/api/v1/videos`, { headers: { cookie } })).status
    expect(await readStatus()).toBe(200)
    await web.crashAndRestart()
    expect(await readStatus()).toBe(200)
    await fetch(`${web.url}/api/auth/sign-out`, {
      method: 'POST',
      headers: { ...headers, cookie },
      body: '{}',
    })
    expect(await readStatus()).toBe(401)
  })

  it('has its API keys stored as hashes', async () => {
    const rows = await database.db.apikey.findMany()
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(ada.key)
  })
})

describe('the first sign-up', () => {
  it('creates one administrator when several users sign up at once', async () => {
    await database.db.user.deleteMany()
    const signUp = (email: string) =>
      fetch(`${web.url}/api/auth/sign-up/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: web.url },
        body: JSON.stringify({ email, password: TEST_PASSWORD, name: email }),
      })
    const responses = await Promise.all(['a', 'b', 'c'].map((name) => signUp(`${name}@example.com`)))
    expect(responses.filter((response) => response.ok)).toHaveLength(1)
    expect(responses.every((response) => response.ok || response.status < 500)).toBe(true)
    expect(await database.db.user.findMany({ select: { role: true } })).toEqual([{ role: 'admin' }])
    // The database itself allows only one founder.
    const second = { id: 'second', name: 'second', email: 'second@example.com', isFounder: true }
    await expect(database.db.user.create({ data: second })).rejects.toMatchObject({ code: 'P2002' })
  })
})
