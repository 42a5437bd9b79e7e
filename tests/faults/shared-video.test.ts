import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { waitUntil } from '@/lib/concurrency/wait-until'
import type { LogLineDto, TaskDto } from '@/lib/tasks/schema'
import { videoKeys } from '@/lib/storage/keys'
import { MEDIA_TIME_OFFSET_SECONDS } from '@/lib/videos/media-time'
import { chunkKindNames } from '@/lib/videos/tasks'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateCounter, readCounter } from '@/tests/support/frame-counter'
import { findClicks } from '@/tests/support/media-analysis'
import { findProcesses } from '@/tests/support/processes'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const SECONDS = 140
const database = useDatabase()
let web: Web
let ada: TestUser
let counter: string
const workers: Awaited<ReturnType<typeof startWorker>>[] = []

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  counter = path.join(web.dataDir, 'counter.mkv')
  await generateCounter(counter, { seconds: SECONDS, width: 384, height: 216, hasClicks: true })
  workers.push(await startWorker(web), await startWorker(web))
  const isReady = async () => (await database.db.workerBeat.count({ where: { role: 'worker' } })) === 2
  await waitUntil(isReady, { intervalMs: 100 })
})
afterAll(async () => {
  for (const worker of workers) await worker.stop('SIGTERM')
  await web.stop()
})

const listChunks = (videoId: string) =>
  database.db.task.findMany({
    where: { videoId, kind: { in: chunkKindNames } },
    include: { history: true },
    orderBy: { id: 'asc' },
  })

async function uploadCounter() {
  const body = readFileSync(counter)
  const { task, video } = await ada.fetchJson<{ task: TaskDto; video: { id: string } }>(
    '/api/v1/videos?filename=counter.mkv',
    { method: 'POST', body },
  )
  return { taskId: task.id, videoId: video.id }
}

const listOutcomes = (chunks: Awaited<ReturnType<typeof listChunks>>) =>
  chunks.flatMap(({ history }) => history.map(({ outcome }) => outcome ?? 'running'))

/** Joins the stored files of a rendition. */
async function joinRendition(videoId: string, name: string) {
  const keys = videoKeys(videoId)
  const segments = await database.db.segment.findMany({
    where: { rendition: { videoId, name } },
    orderBy: { index: 'asc' },
  })
  const files = [keys.init(name), ...segments.map(({ index }) => keys.segment(name, index))]
  const joined = path.join(web.dataDir, `${name}.mp4`)
  const storage = path.join(web.dataDir, 'storage')
  writeFileSync(joined, Buffer.concat(files.map((key) => readFileSync(path.join(storage, key)))))
  return joined
}

async function expectEachFrameAndClickOnce(videoId: string) {
  const numbers = await readCounter(await joinRendition(videoId, '216p'))
  expect(numbers).toEqual(Array.from({ length: 25 * SECONDS }, (_, n) => n))
  const clicks = await findClicks(await joinRendition(videoId, 'audio-0'))
  expect(clicks).toHaveLength(SECONDS)
  const offsets = clicks.map((seconds, n) => Math.abs(seconds - MEDIA_TIME_OFFSET_SECONDS - n))
  expect(Math.max(...offsets)).toBeLessThan(0.001)
}

/** Suspends the encoders of a worker, which stays alive. Returns their number. */
function suspendEncoders(workerPid: number) {
  const read = (file: string) => readFileSync(file, 'utf8')
  const isDescendant = (pid: number): boolean => {
    const parent = Number(read(`/proc/${pid}/stat`).split(') ')[1]!.split(' ')[1])
    return parent === workerPid || (parent > 1 && isDescendant(parent))
  }
  const encoders = findProcesses('libx264').filter(({ pid }) => {
    try {
      return read(`/proc/${pid}/comm`) === 'ffmpeg\n' && isDescendant(pid)
    } catch {
      // It has ended.
      return false
    }
  })
  for (const { pid } of encoders) process.kill(pid, 'SIGSTOP')
  return encoders.length
}

it('an idle worker takes over the chunk of one that makes no progress', async () => {
  const { taskId, videoId } = await uploadCounter()
  const slowPid = workers[0]!.pid
  const listSlowChunks = async () =>
    (await listChunks(videoId)).filter(
      ({ state, history }) => state === 'in_progress' && history.at(-1)!.workerId.includes(`.${slowPid}.`),
    )
  const isEncoding = async () => (await listSlowChunks()).some(({ progress }) => progress > 0)
  // The first chunk has a slot of its own, so there may be two, one of them without an encoder at first.
  const suspendAll = async () =>
    (await isEncoding()) && suspendEncoders(slowPid) === (await listSlowChunks()).length
  await expect.poll(suspendAll, { timeout: 60_000, interval: 50 }).toBe(true)
  const slowIds = (await listSlowChunks()).map(({ id }) => id)
  const readState = async () => (await ada.fetchJson<TaskDto>(`/api/v1/tasks/${taskId}`)).state
  // Less than the two minutes after which a program without output is killed.
  await expect.poll(readState, { timeout: 110_000, interval: 200 }).toBe('done')
  const chunks = await listChunks(videoId)
  const takenOver = chunks.filter(({ history }) => history.some(({ outcome }) => outcome === 'handed_over'))
  expect(takenOver.map(({ id }) => id)).toEqual(slowIds)
  expect(listOutcomes(chunks).filter((outcome) => outcome === 'done')).toHaveLength(5)
  expect(listOutcomes(chunks)).toHaveLength(5 + slowIds.length)
  expect(chunks.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1])
  await expectEachFrameAndClickOnce(videoId)
}, 300_000)

it('two workers share a video, and one completes it after the other is killed, with each frame exactly once', async () => {
  const { taskId, videoId } = await uploadCounter()
  const reported: number[] = []
  const readTask = async () => {
    const current = await ada.fetchJson<TaskDto>(`/api/v1/tasks/${taskId}`)
    reported.push(current.progress)
    return current
  }
  const countRunning = async () => {
    await readTask()
    return (await listChunks(videoId)).filter(({ state }) => state === 'in_progress').length
  }
  await expect.poll(countRunning, { timeout: 60_000, interval: 50 }).toBe(2)
  await workers.shift()!.stop('SIGKILL')
  await expect.poll(async () => (await readTask()).state, { timeout: 180_000, interval: 200 }).toBe('done')

  const chunks = await listChunks(videoId)
  expect(chunks.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'done'))
  expect(listOutcomes(chunks).toSorted()).toEqual(['died', ...Array.from({ length: 5 }, () => 'done')])
  const owners = new Set(chunks.flatMap(({ history }) => history.map(({ workerId }) => workerId)))
  expect(owners.size).toBe(2)
  const { lines } = await ada.fetchJson<{ lines: LogLineDto[] }>(`/api/v1/tasks/${taskId}/log`)
  expect(lines.filter(({ message }) => message.startsWith('chunk transcoded'))).toHaveLength(5)
  expect(reported).toEqual(reported.toSorted((a, b) => a - b))
  await expectEachFrameAndClickOnce(videoId)
}, 300_000)
