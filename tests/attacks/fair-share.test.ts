import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { chunkKindNames, transcodeVideoTask } from '@/lib/videos/tasks'
import { videoKeys } from '@/lib/storage/keys'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
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

async function upload(user: TestUser, file: string) {
  const body = readFileSync(file)
  const { task, video } = await user.fetchJson<{ task: TaskDto; video: { id: string } }>(
    `/api/v1/videos?filename=${path.basename(file)}`,
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
    where: { task: { videoId, kind: { in: chunkKindNames } } },
    include: { task: true },
    // In the order of their creation, that of the timeline.
    orderBy: { taskId: 'asc' },
  })

/** Generates 20 s that browsers cannot play before they are transcoded. */
function generateClip() {
  const file = path.join(web.dataDir, 'clip.mkv')
  const sources = '-f lavfi -i testsrc2=s=1280x720:r=25:d=20 -f lavfi -i sine=f=440:d=20'
  const encode = '-c:v mpeg4 -q:v 4 -g 50 -c:a aac'
  execFileSync('ffmpeg', ['-y', '-v', 'error', ...`${sources} ${encode}`.split(' '), file])
  return file
}

it('the clip of another user is playable in less than twice the usual time while a long video is transcoded', async () => {
  const eve = await web.createUser('eve@example.com', { isAdmin: true })
  const bob = await web.createUser('bob@example.com')
  const clipFile = generateClip()
  const measurePlayableMs = async () => {
    const startedAt = performance.now()
    const clip = await upload(bob, clipFile)
    const isPlayable = async () =>
      (await bob.fetchJson<VideoDto>(`/api/v1/videos/${clip.videoId}`)).isPlayable
    await expect.poll(isPlayable, { timeout: 120_000, interval: 50 }).toBe(true)
    const playableMs = performance.now() - startedAt
    await expect
      .poll(async () => (await readTask(bob, clip.taskId)).state, { timeout: 120_000, interval: 100 })
      .toBe('done')
    return { ...clip, playableMs }
  }
  const alone = await measurePlayableMs()

  const long = await upload(eve, await generateMedia('long-1080.mp4'))
  const reported: number[] = []
  const watchLong = async () => {
    const task = await readTask(eve, long.taskId)
    reported.push(task.progress)
    return task
  }
  const isPastFirstChunk = async () => {
    await watchLong()
    return (await listChunkAttempts(long.videoId))[0]?.outcome === 'done'
  }
  await expect.poll(isPastFirstChunk, { timeout: 120_000, interval: 300 }).toBe(true)
  const beside = await measurePlayableMs()
  expect((await watchLong()).finishedAt).toBeNull()
  expect(beside.playableMs / alone.playableMs).toBeLessThan(2)
  const [clipAttempt] = await listChunkAttempts(beside.videoId)
  expect(clipAttempt).toMatchObject({ outcome: 'done', attempt: 1 })
  // Shorter than a chunk.
  expect(clipAttempt!.waitSeconds).toBeLessThan(3)

  await expect.poll(async () => (await watchLong()).state, { timeout: 240_000, interval: 500 }).toBe('done')
  expect(reported).toEqual(reported.toSorted((a, b) => a - b))
  expect(new Set(reported).size).toBeGreaterThan(10)
  expect(await listChunkAttempts(long.videoId)).toMatchObject(
    [0, 28, 56, 84].map((startSeconds) => ({ outcome: 'done', task: { payload: { startSeconds } } })),
  )
  expect(await readTask(eve, long.taskId)).toMatchObject({ kind: transcodeVideoTask.name, attempts: 1 })
  await expectCompleteRenditions(long.videoId, 99)
}, 500_000)
