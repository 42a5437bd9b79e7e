import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import { transcodeChunkTask, transcodeVideoTask } from '@/lib/videos/tasks'
import { videoKeys } from '@/lib/storage/keys'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { findDecodingErrors } from '@/tests/support/media-analysis'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  worker = await startWorker(web, { TRANSCODE_CONCURRENCY: '1' })
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})

async function upload(user: TestUser, name: MediaName) {
  const body = readFileSync(await generateMedia(name))
  const { task, video } = await user.fetchJson<{ task: TaskDto; video: { id: string } }>(
    `/api/v1/videos?filename=${name}`,
    { method: 'POST', body },
  )
  return { taskId: task.id, videoId: video.id }
}

const readTask = (user: TestUser, id: string) => user.fetchJson<TaskDto>(`/api/v1/tasks/${id}`)
const listRenditions = (videoId: string) =>
  database.db.rendition.findMany({
    where: { videoId },
    include: { segments: { orderBy: { index: 'asc' } } },
  })

/** Expects renditions without gaps that decode without errors. */
async function expectCompleteRenditions(videoId: string, durationSeconds: number) {
  const keys = videoKeys(videoId)
  const readStored = (key: string) => readFileSync(path.join(web.dataDir, 'storage', key))
  for (const { name, state, segments } of await listRenditions(videoId)) {
    expect(state, name).toBe('done')
    let endSeconds = 0
    for (const [index, segment] of segments.entries()) {
      expect(segment.index, name).toBe(index)
      expect(segment.startSeconds, name).toBeCloseTo(endSeconds, 1)
      endSeconds = segment.startSeconds + segment.durationSeconds
    }
    expect(Math.abs(endSeconds - durationSeconds), name).toBeLessThan(1)
    const parts = [keys.init(name), ...segments.map(({ index }) => keys.segment(name, index))]
    const file = path.join(web.dataDir, `${name}.mp4`)
    writeFileSync(file, Buffer.concat(parts.map(readStored)))
    expect(await findDecodingErrors(file), name).toBe('')
  }
}

const listChunkAttempts = (videoId: string) =>
  database.db.taskAttempt.findMany({
    where: { task: { videoId, kind: transcodeChunkTask.name } },
    include: { task: true },
    orderBy: { startedAt: 'asc' },
  })

it('the clip of another user waits for at most one chunk of a long transcode', async () => {
  const eve = await web.createUser('eve@example.com', { isAdmin: true })
  const bob = await web.createUser('bob@example.com')
  const long = await upload(eve, 'long-1080.mp4')
  const reported: number[] = []
  const watchLong = async () => {
    const task = await readTask(eve, long.taskId)
    reported.push(task.progress)
    return task
  }
  await expect
    .poll(async () => (await watchLong()).progress, { timeout: 120_000, interval: 300 })
    .toBeGreaterThan(0)

  const clip = await upload(bob, 'short-1080.mp4')
  let waiting: TaskDto | undefined
  const pollClip = async () => {
    await watchLong()
    const task = await readTask(bob, clip.taskId)
    if (task.state === 'queued' && task.position !== null) waiting = task
    return task.state
  }
  await expect.poll(pollClip, { timeout: 120_000, interval: 100 }).toBe('done')
  expect((await watchLong()).finishedAt).toBeNull()
  expect(waiting).toMatchObject({ position: 1, attempts: 0, progress: 0 })
  const [clipAttempt] = await listChunkAttempts(clip.videoId)
  const startedBetween = (await listChunkAttempts(long.videoId)).filter(
    ({ startedAt }) => startedAt > clipAttempt!.task.queuedAt && startedAt < clipAttempt!.startedAt,
  )
  expect(startedBetween).toEqual([])

  await expect.poll(async () => (await watchLong()).state, { timeout: 240_000, interval: 500 }).toBe('done')
  expect(reported).toEqual(reported.toSorted((a, b) => a - b))
  expect(new Set(reported).size).toBeGreaterThan(10)
  expect(await listChunkAttempts(long.videoId)).toMatchObject(
    [0, 28, 56, 84].map((startSeconds) => ({ outcome: 'done', task: { payload: { startSeconds } } })),
  )
  expect(await readTask(eve, long.taskId)).toMatchObject({ kind: transcodeVideoTask.name, attempts: 1 })
  await expectCompleteRenditions(long.videoId, 99)
}, 500_000)
