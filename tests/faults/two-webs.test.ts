// Over 200 lines because all tests share two web processes behind one proxy.

import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CONSOLE_NAMESPACE } from '@/lib/machines/console-protocol'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { createAccounts, TEST_PASSWORD, type TestUser } from '@/tests/support/accounts'
import { createRunningMachine } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import { openEventStream } from '@/tests/support/event-stream'
import { startNginx } from '@/tests/support/nginx'
import { createUpload, headUpload, locationOf, patchUpload } from '@/tests/support/tus-client'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-two-webs-'))
const clip = path.join(dir, 'clip.mkv')
let proxy: Awaited<ReturnType<typeof startNginx>>
let webs: [Web, Web]
let worker: Awaited<ReturnType<typeof startWorker>>
let accounts: ReturnType<typeof createAccounts>
/** Sends requests through nginx, which alternates between the two processes. */
let ada: TestUser

beforeAll(async () => {
  const source = '-f lavfi -i testsrc2=s=640x360:r=25:d=8 -f lavfi -i sine=f=440:d=8 -c:v mpeg4 -q:v 2'
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...source.split(' '), clip])
  const options = {
    databaseUrl: database.url,
    env: { ...FAKE_MACHINES, AUTH_SECRET: randomBytes(24).toString('hex') },
  }
  const first = await startWeb(options)
  const second = await startWeb({ ...options, env: { ...options.env, DATA_DIR: first.dataDir } })
  webs = [first, second]
  worker = await startWorker(first)
  proxy = await startNginx(
    webs.map(({ url }) => new URL(url).host),
    { balance: '  # Round robin: every request of a client may reach another process.' },
  )
  accounts = createAccounts({ url: proxy.url, env: first.env })
  ada = await accounts.createUser('ada@example.com', { isAdmin: true })
})
afterAll(async () => {
  await accounts.stop()
  await proxy.stop()
  await worker.stop('SIGTERM')
  for (const web of webs.toReversed()) await web.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** A client of one process, past the proxy. */
const at = (web: Web): TestUser => ({
  ...ada,
  fetch: (to, init?: RequestInit) =>
    fetch(new URL(to, web.url), {
      ...init,
      headers: { authorization: `Bearer ${ada.key}`, ...(init?.headers as Record<string, string>) },
    }),
})
const connect = (url: string, namespace = '', auth?: object) =>
  io(`${url}${namespace}`, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    auth,
    extraHeaders: { authorization: `Bearer ${ada.key}` },
  })

it('reports both web processes and the worker', async () => {
  const { processes } = await ada.fetchJson<{ processes: { role: string; storageProblem: string | null }[] }>(
    '/api/v1/admin/processes',
  )
  expect(processes.map(({ role, storageProblem }) => `${role} ${storageProblem}`).toSorted()).toEqual([
    'web null',
    'web null',
    'worker null',
  ])
})

it('continues an upload in the other process after every part, and registers it once', async () => {
  const bytes = readFileSync(clip)
  const created = await createUpload(ada, { name: 'parts.mkv', sizeBytes: bytes.length })
  const location = locationOf(created)
  const partBytes = Math.ceil(bytes.length / 5)
  for (let offset = 0, n = 0; offset < bytes.length; offset += partBytes, n++) {
    // Alternates, and reads the offset from the process that received nothing of this part.
    const body = bytes.subarray(offset, offset + partBytes)
    expect((await patchUpload(at(webs[n % 2]!), { at: location, offset, body })).ok).toBe(true)
    const head = await headUpload(at(webs[(n + 1) % 2]!), location)
    expect(Number(head.headers.get('upload-offset'))).toBe(offset + body.length)
  }
  await Promise.all(webs.map((web) => headUpload(at(web), location)))
  const videos = await database.db.video.findMany({ where: { filename: 'parts.mkv' } })
  expect(videos.map(({ sha256 }) => sha256)).toEqual([createHash('sha256').update(bytes).digest('hex')])
})

it('registers an upload once when both processes finish it at the same time', async () => {
  const bytes = readFileSync(clip)
  const location = locationOf(await createUpload(ada, { name: 'both.mkv', sizeBytes: bytes.length }))
  const finishing = patchUpload(at(webs[0]), { at: location, offset: 0, body: bytes })
  const heads = Array.from({ length: 40 }, () => headUpload(at(webs[1]), location))
  expect([(await finishing).status, ...(await Promise.all(heads)).map(({ status }) => status)]).toEqual(
    Array.from({ length: 41 }, () => 200),
  )
  expect(await database.db.video.count({ where: { filename: 'both.mkv' } })).toBe(1)
})

it('sends live updates and events from either process, and plays through both', async () => {
  const streams = await Promise.all(
    webs.map((web) => openEventStream(`${web.url}/api/v1/events`, { authorization: `Bearer ${ada.key}` })),
  )
  const sockets = [connect(webs[0].url), connect(webs[1].url), connect(proxy.url)]
  const received = sockets.map((socket) => {
    const lines: string[] = []
    socket.onAny((...event) => lines.push(JSON.stringify(event)))
    return lines
  })
  await expect.poll(() => sockets.every(({ connected }) => connected)).toBe(true)
  const { video, task } = await ada.fetchJson<{ video: VideoDto; task: TaskDto }>(
    '/api/v1/videos?filename=live.mkv',
    { method: 'POST', body: readFileSync(clip) as BodyInit },
  )
  for (const stream of streams)
    await expect.poll(() => stream.findLatest(task.id)?.state, { timeout: 60_000 }).toBe('done')
  for (const lines of received)
    await expect
      .poll(() => lines.some((line) => line.includes(task.id) && line.includes('"done"')))
      .toBe(true)
  const readTasks = async () =>
    (await ada.fetchJson<{ tasks: TaskDto[] }>(`/api/v1/tasks?videoId=${video.id}`)).tasks
  await expect
    .poll(async () => (await readTasks()).filter(({ state }) => state !== 'done'), { timeout: 120_000 })
    .toEqual([])
  const { renditions } = await ada.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)
  const playlist = `/media/videos/${video.id}/hls/${renditions[0]!.name}/index.m3u8`
  const bodies = await Promise.all(
    [...webs.map(at), ada].map(async (user) => (await user.fetch(playlist)).text()),
  )
  expect(bodies[0]).toContain('#EXTINF')
  expect(new Set(bodies).size).toBe(1)
  for (const socket of sockets) socket.close()
  for (const stream of streams) await stream.disconnect()
})

it('sends live updates to clients that poll, if the proxy keeps each of them at one process', async () => {
  const servers = webs.map(({ url }) => new URL(url).host)
  const sticky = await startNginx(servers)
  const poll = (url: string) =>
    io(url, {
      path: SOCKET_PATH,
      transports: ['polling'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { authorization: `Bearer ${ada.key}` },
    })
  const kept = poll(sticky.url)
  const scattered = poll(proxy.url)
  const failed = new Promise((resolve) => {
    for (const event of ['connect_error', 'disconnect']) scattered.once(event, resolve)
  })
  await expect.poll(() => kept.connected, { timeout: 15_000 }).toBe(true)
  // The other process does not know the session.
  await failed
  expect(kept.connected).toBe(true)
  kept.close()
  scattered.close()
  await sticky.stop()
})

it('opens the console of a machine and its ports in the process that did not issue the token', async () => {
  const { id } = await createRunningMachine(ada, 'box')
  for (const [issuer, server] of [webs, webs.toReversed()] as [Web, Web][]) {
    const response = await at(issuer).fetch(`/api/v1/machines/${id}/console`, { method: 'POST' })
    const { token } = (await response.json()) as { token: string }
    const socket = connect(server.url, CONSOLE_NAMESPACE, { token })
    const recording = await new Promise<string>((resolve) => {
      socket.once('recording', (bytes: Uint8Array) => resolve(Buffer.from(bytes).toString()))
      socket.once('connect_error', (error) => resolve(error.message))
    })
    socket.close()
    expect(recording).toContain('This is box: a fake.')
  }
  for (const user of [...webs.map(at), ada])
    expect(await (await user.fetch(`/machines/${id}/ports/80/`)).json()).toMatchObject({ hostname: 'box' })
})

it('keeps a sign-in valid in both processes and ends it in both', async () => {
  const signIn = await fetch(`${webs[0].url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: webs[0].url },
    body: JSON.stringify({ email: ada.email, password: TEST_PASSWORD }),
  })
  const cookie = signIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0]!)
    .join('; ')
  const readTasks = (web: Web) => fetch(`${web.url}/api/v1/tasks`, { headers: { cookie } })
  expect(await Promise.all(webs.map(async (web) => (await readTasks(web)).status))).toEqual([200, 200])
  await fetch(`${webs[1].url}/api/auth/sign-out`, {
    method: 'POST',
    headers: { cookie, origin: webs[1].url, 'content-type': 'application/json' },
    body: '{}',
  })
  expect(await Promise.all(webs.map(async (web) => (await readTasks(web)).status))).toEqual([401, 401])
})

it('keeps serving while one process restarts', async () => {
  await webs[1].crashAndRestart()
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async () => (await ada.fetch('/api/v1/tasks')).status),
  )
  expect(new Set(statuses)).toEqual(new Set([200]))
})
