import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, openAsBlob, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { z } from 'zod'
import type { processListSchema } from '@/lib/cluster/schema'
import type { CreateMachineResponse, MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

/** Debian's package faketime. The clock of Postgres and of the other process stays right. */
const [faketime] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')
const withClock = (FAKETIME: string) => ({
  LD_PRELOAD: faketime!,
  FAKETIME,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  DONT_FAKE_MONOTONIC: '1',
})
const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-host-clock-'))
const clip = path.join(dir, 'clip.mp4')

beforeAll(() => {
  const source = '-f lavfi -i testsrc2=s=320x180:r=25:d=4 -f lavfi -i sine=f=440:d=4 -pix_fmt yuv420p'
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...source.split(' '), clip])
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const expectWork = async (user: TestUser) => {
  const { video } = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=clip.mp4', {
    method: 'POST',
    body: await openAsBlob(clip),
  })
  const { machine } = await user.fetchJson<CreateMachineResponse>('/api/v1/machines', {
    method: 'POST',
    body: JSON.stringify({ name: 'short-lived', ttlMinutes: 5 }),
  })
  const readMachine = () => user.fetchJson<MachineDto>(`/api/v1/machines/${machine.id}`)
  await expect.poll(async () => (await readMachine()).state, { timeout: 60_000 }).toBe('running')
  const readTasks = async () =>
    (await user.fetchJson<{ tasks: TaskDto[] }>(`/api/v1/tasks?videoId=${video.id}`)).tasks
  await expect
    .poll(async () => (await readTasks()).filter(({ state }) => state !== 'done'), { timeout: 90_000 })
    .toEqual([])
  expect((await readTasks()).map(({ attempts }) => attempts)).toEqual((await readTasks()).map(() => 1))
  // Its time to live is over by the clock that is ahead, not by that of the database.
  expect((await readMachine()).state).toBe('running')
  await user.fetchJson(`/api/v1/machines/${machine.id}`, { method: 'DELETE' })
}

const readOffsets = async (user: TestUser) => {
  const { processes } = await user.fetchJson<z.infer<typeof processListSchema>>('/api/v1/admin/processes')
  return Object.fromEntries(
    // Without the sign of a rounded zero.
    processes.map(({ role, clockOffsetMs }) => [role, Math.round(clockOffsetMs! / 10_000) * 10 + 0]),
  )
}

/** Waits of tasks by the clock of the database: none is queued in its future or long before it was requested. */
const readQueueTimes = (db: ReturnType<typeof useDatabase>['db']) => db.$queryRaw`
  SELECT kind FROM task WHERE abs(extract(epoch FROM "queuedAt" - now()::timestamp)) > 300`

for (const { title, web: webClock, worker: workerClock, offsets } of [
  {
    title: 'a worker is 10 minutes ahead',
    web: {},
    worker: withClock('+600s'),
    offsets: { web: 0, worker: 600 },
  },
  {
    title: 'a worker is 10 minutes behind',
    web: {},
    worker: withClock('-600s'),
    offsets: { web: 0, worker: -600 },
  },
  {
    title: 'a web process is 10 minutes ahead',
    web: withClock('+600s'),
    // Preloaded but right, because a worker inherits the environment of the web process.
    worker: { ...withClock('+0s') },
    offsets: { web: 600, worker: 0 },
  },
])
  it(`completes every task in one attempt and expires nothing early while the clock of ${title}`, async () => {
    const web: Web = await startWeb({ databaseUrl: database.url, env: { ...FAKE_MACHINES, ...webClock } })
    try {
      const user = await web.createUser(`${offsets.web}.${offsets.worker}@example.com`, { isAdmin: true })
      const worker = await startWorker(web, workerClock)
      try {
        await expectWork(user)
        expect(await readOffsets(user)).toEqual(offsets)
        expect(await readQueueTimes(database.db)).toEqual([])
      } finally {
        await worker.stop('SIGTERM')
      }
    } finally {
      await web.stop()
    }
  })

const database = useDatabase()
