import { globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import type { z } from 'zod'
import type { processListSchema } from '@/lib/cluster/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { videoKeys } from '@/lib/storage/keys'
import type { VideoDto } from '@/lib/videos/schema'
import { transcodeChunkTask } from '@/lib/videos/tasks'
import type { TestUser } from '@/tests/support/accounts'
import { startCluster } from '@/tests/support/cluster/start-cluster'
import { generateCounter, readCounter } from '@/tests/support/frame-counter'
import { openTestStorage } from '@/tests/support/s3-fixture'

const SECONDS = 160
const CUT_MS = 60_000
/** Copies of files leave the disk soon after their last use. */
const NO_CACHE = { STORAGE_CACHE_MINUTES: '0' }
/** Debian's package faketime. */
const [faketime] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')

const cluster = await startCluster()
afterAll(() => cluster?.stop())

/** A clock that can be moved while the processes that use it run. */
function createClock() {
  const file = path.join(cluster!.network.sharedDir, 'clock')
  const move = (offset: string) => writeFileSync(file, `${offset}\n`)
  move('+0s')
  return {
    move,
    env: {
      LD_PRELOAD: faketime!,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
  }
}

const startThree = async () => {
  const { startWeb, startWorker } = cluster!
  const web = await startWeb('web')
  const ada = await web.createUser('ada@example.com', { isAdmin: true })
  const clock = createClock()
  return {
    ada,
    clock,
    first: await startWorker('first', NO_CACHE),
    second: await startWorker('second', NO_CACHE),
    third: await startWorker('third', { ...NO_CACHE, ...clock.env }),
  }
}

async function upload(ada: TestUser, name: string) {
  const file = path.join(cluster!.network.sharedDir, name)
  await generateCounter(file, { seconds: SECONDS, width: 768, height: 432 })
  return ada.fetchJson<{ task: TaskDto; video: VideoDto }>(`/api/v1/videos?filename=${name}`, {
    method: 'POST',
    body: readFileSync(file),
  })
}

const listChunks = (videoId: string) =>
  cluster!.db.task.findMany({
    where: { videoId, kind: transcodeChunkTask.name },
    include: { history: { orderBy: { claim: 'asc' } } },
    orderBy: { id: 'asc' },
  })

const hostOf = (workerId: string) => workerId.split('.')[0]!
/** The hosts that encode chunks of the video now, after they have downloaded it. */
const listBusyHosts = async (videoId: string) =>
  (await listChunks(videoId))
    .filter(({ progress }) => progress > 0)
    .flatMap(({ history }) => history.filter(({ endedAt }) => !endedAt))
    .map(({ workerId }) => hostOf(workerId))
    .toSorted()

const isTakenFrom = async (host: string, videoId: string) =>
  (await listChunks(videoId)).some(
    ({ history }) => history.length > 1 && hostOf(history[0]!.workerId) === host,
  )

const waitUntilDone = async (ada: TestUser, videoId: string) => {
  const unfinished = async () => {
    const { tasks } = await ada.fetchJson<{ tasks: TaskDto[] }>(`/api/v1/tasks?videoId=${videoId}`)
    return tasks
      .filter(({ state }) => state !== 'done')
      .map(({ kind, state, error }) => ({ kind, state, error }))
  }
  await expect.poll(unfinished, { timeout: 240_000, interval: 500 }).toEqual([])
}

const listFiles = (disk: string, folder: string) =>
  readdirSync(path.join(disk, 'data', folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

/** Reads the frames of the largest encoded rendition from the bucket. */
async function readFrames(videoId: string, name: string) {
  const keys = videoKeys(videoId)
  const segments = await cluster!.db.segment.findMany({
    where: { rendition: { videoId, name } },
    orderBy: { index: 'asc' },
  })
  expect(segments.map(({ index }) => index)).toEqual(segments.map((_, n) => n))
  const { storage, close } = await openTestStorage(cluster!.s3Options)
  const read = async (key: string) => Buffer.concat(await (await storage.read(key)).toArray())
  const parts = [await read(keys.init(name))]
  for (const { index } of segments) parts.push(await read(keys.segment(name, index)))
  const stored = (await storage.list(keys.rendition(name))).filter((file) => file.endsWith('.m4s'))
  await close()
  const joined = path.join(cluster!.network.sharedDir, 'joined.mp4')
  writeFileSync(joined, Buffer.concat(parts))
  return { frames: await readCounter(joined), segmentCount: segments.length, storedCount: stored.length }
}

it.runIf(cluster)(
  'three computers make one video while one is killed, one loses its network for a minute and the clock of one moves by 10 minutes: nothing is lost or done twice',
  async () => {
    const { ada, clock, first, second, third } = await startThree()
    const { video } = await upload(ada, 'counter.mkv')
    await expect
      .poll(() => listBusyHosts(video.id), { timeout: 60_000, interval: 50 })
      .toEqual(['first', 'second', 'third'])

    await first.host.end()
    await second.host.disconnect()
    clock.move('+600s')
    await delay(CUT_MS)
    // Another has claimed its chunk, so that its late writes must be refused.
    await expect.poll(() => isTakenFrom('second', video.id), { timeout: 90_000 }).toBe(true)
    await second.host.connect()
    await waitUntilDone(ada, video.id)

    const chunks = await listChunks(video.id)
    const interrupted = chunks.filter(({ history }) => history.length > 1)
    for (const { history } of interrupted)
      expect(
        history.map(({ outcome }) => outcome),
        inspect(history),
      ).toEqual([...history.slice(1).map(() => 'died'), 'done'])
    expect(chunks.map(({ attempts }) => attempts)).toEqual(chunks.map(() => 1))
    expect(interrupted.map(({ history }) => hostOf(history[0]!.workerId)).toSorted()).toEqual([
      'first',
      'second',
    ])
    expect(new Set(chunks.flatMap(({ history }) => history.map(({ workerId }) => hostOf(workerId))))).toEqual(
      new Set(['first', 'second', 'third']),
    )
    const { renditions } = await ada.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)
    const { frames, segmentCount, storedCount } = await readFrames(video.id, renditions[0]!.name)
    expect(frames).toEqual(Array.from({ length: 25 * SECONDS }, (_, n) => n))
    expect(storedCount).toBe(segmentCount)
    expect(await cluster!.db.mail.count()).toBe(1)

    // The second lost its chunk while it had no network, and stopped when it learned of it.
    await expect.poll(second.output, { timeout: 60_000 }).toContain('claimed by another run')
    const listOnline = async () => {
      const { processes } = await ada.fetchJson<z.infer<typeof processListSchema>>('/api/v1/admin/processes')
      return processes
        .filter(({ isOnline, queues }) => isOnline && queues?.includes(transcodeChunkTask.name))
        .map(({ hostname, clockOffsetMs }) => `${hostname} ${Math.round(clockOffsetMs! / 10_000) * 10}`)
        .toSorted()
    }
    await expect.poll(listOnline, { timeout: 60_000 }).toEqual(['second 0', 'third 600'])
    for (const { host } of [second, third]) {
      expect(listFiles(host.disk, 'scratch')).toEqual([])
      const copies = () =>
        ['files', 'partial', 'leases'].flatMap((folder) => listFiles(host.disk, `cache/${folder}`))
      await expect.poll(copies, { timeout: 90_000, interval: 500 }).toEqual([])
    }
  },
  600_000,
)
