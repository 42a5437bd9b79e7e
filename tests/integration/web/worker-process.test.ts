import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { useDatabase } from '@/tests/support/database'
import { findProcesses } from '@/tests/support/processes'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-clip-'))
const clip = path.join(dir, 'clip.mkv')
/** Long enough to interrupt its transcode. */
const SECONDS = 24
let web: Web
let ada: TestUser
let worker: Awaited<ReturnType<typeof startWorker>>

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  worker = await startWorker(web)
  const inputs = `-f lavfi -i testsrc2=s=854x480:r=25:d=${SECONDS} -f lavfi -i sine=f=440:d=${SECONDS}`
  await promisify(execFile)('ffmpeg', [
    '-v',
    'error',
    ...`${inputs} -c:v mpeg4 -q:v 5 -c:a aac ${clip}`.split(' '),
  ])
})
afterEach(async () => {
  const { videos } = (await (await ada.fetch('/api/v1/videos')).json()) as { videos: VideoDto[] }
  for (const { id } of videos) await ada.fetch(`/api/v1/videos/${id}`, { method: 'DELETE' })
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
  rmSync(dir, { recursive: true, force: true })
})

const fetchTask = async (id: string) => (await (await ada.fetch(`/api/v1/tasks/${id}`)).json()) as TaskDto
const videoDir = (videoId: string) => path.join(web.dataDir, 'storage/videos', videoId)
const listRenditionFiles = (videoId: string, rendition: string) => {
  const folder = path.join(videoDir(videoId), 'hls', rendition)
  return existsSync(folder) ? readdirSync(folder) : []
}
const findFfmpegProcesses = () =>
  findProcesses(web.dataDir).filter(({ command }) => command.includes('ffmpeg'))

/** Uploads the clip and waits until segments of the smallest rendition are stored. */
async function startTranscode() {
  const body = new Uint8Array(readFileSync(clip))
  const response = await ada.fetch('/api/v1/videos?filename=clip.mkv', { method: 'POST', body })
  const started = (await response.json()) as { video: VideoDto; task: TaskDto }
  await expect
    .poll(() => listRenditionFiles(started.video.id, '360p').length, { timeout: 60_000 })
    .toBeGreaterThan(2)
  return { videoId: started.video.id, taskId: started.task.id }
}

it(
  'stops ffmpeg within two seconds of a cancel and deletes partial results; a retry completes them',
  { tags: 'full' },
  async () => {
    const { videoId, taskId } = await startTranscode()
    expect(findFfmpegProcesses()).not.toEqual([])
    const canceledAt = Date.now()
    expect((await ada.fetch(`/api/v1/tasks/${taskId}/cancel`, { method: 'POST' })).status).toBe(200)
    await expect.poll(findFfmpegProcesses, { timeout: 10_000, interval: 20 }).toEqual([])
    expect(Date.now() - canceledAt).toBeLessThan(2_000)
    await expect.poll(() => existsSync(path.join(videoDir(videoId), 'hls/360p'))).toBe(false)
    expect(
      await database.db.segment.count({ where: { rendition: { videoId, state: { not: 'done' } } } }),
    ).toBe(0)
    expect((await fetchTask(taskId)).state).toBe('canceled')

    expect((await ada.fetch(`/api/v1/tasks/${taskId}/retry`, { method: 'POST' })).status).toBe(200)
    await expect.poll(async () => (await fetchTask(taskId)).state, { timeout: 90_000 }).toBe('done')
    const renditions = await database.db.rendition.findMany({
      where: { videoId },
      include: { segments: true },
    })
    for (const { name, state, segments } of renditions) {
      const seconds = segments.reduce((sum, segment) => sum + segment.durationSeconds, 0)
      expect(`${name} ${state} ${Math.round(seconds)} s`).toBe(`${name} done ${SECONDS} s`)
    }
  },
)

it(
  'leaves no process, row or file when a video is deleted during its transcode',
  { tags: 'full' },
  async () => {
    const { videoId } = await startTranscode()
    expect((await ada.fetch(`/api/v1/videos/${videoId}`, { method: 'DELETE' })).status).toBe(204)
    await expect.poll(findFfmpegProcesses).toEqual([])
    await expect.poll(() => existsSync(videoDir(videoId))).toBe(false)
    expect(await database.db.task.count({ where: { videoId } })).toBe(0)
    expect(await database.db.segment.count()).toBe(0)
    // Its jobs are settled too.
    const open = () =>
      database.db.$queryRaw`SELECT id FROM pgboss.job WHERE state IN ('created', 'retry', 'active')`
    await expect.poll(open).toEqual([])
  },
)

it(
  'hands over work on shutdown without spending an attempt or storing a segment again',
  { tags: 'full' },
  async () => {
    const { videoId, taskId } = await startTranscode()
    await worker.stop('SIGTERM')
    expect(findFfmpegProcesses()).toEqual([])
    expect(await fetchTask(taskId)).toMatchObject({ finishedAt: null, attempts: 0 })
    expect(await database.db.task.count({ where: { partOfId: taskId, state: 'in_progress' } })).toBe(0)
    const segments = () => database.db.segment.findMany({ where: { rendition: { videoId } } })
    const before = await segments()
    expect(before.length).toBeGreaterThan(2)
    worker = await startWorker(web)
    await expect.poll(async () => (await fetchTask(taskId)).state, { timeout: 90_000 }).toBe('done')
    expect((await fetchTask(taskId)).attempts).toBe(1)
    expect(await segments()).toEqual(expect.arrayContaining(before))
  },
)
