import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { currentKeys, VIDEOS_FOLDER } from '@/lib/storage/keys'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import { useCrashFixture } from '@/tests/support/crash-fixture'
import { useDatabase } from '@/tests/support/database'
import { readCounter } from '@/tests/support/frame-counter'
import { uploadCounter } from '@/tests/support/upload-film'

const SECONDS = 60
const RATE = 25
const ONLY_TRIMS = { WORKER_QUEUES: 'video.trim' }
const database = useDatabase()
const fixture = useCrashFixture(database)
const { fileOf } = fixture
let videoId: string

beforeAll(async () => {
  videoId = (await uploadCounter(fixture.user, { seconds: SECONDS })).video.id
  const worker = await fixture.startWorker()
  await fixture.awaitTasks(videoId)
  await worker.stop('SIGTERM')
}, 240_000)

const read = () => fixture.readVideo(videoId)

async function expectFrames(startSeconds: number, endSeconds: number) {
  const video = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
  const expected = Array.from(
    { length: Math.round((endSeconds - startSeconds) * RATE) },
    (_, n) => Math.round(startSeconds * RATE) + n,
  )
  expect(await readCounter(fileOf(video.sourceKey))).toEqual(expected)
  const renditions = await database.db.rendition.findMany({
    where: { videoId, mode: { not: 'audio' } },
    include: { segments: { orderBy: { index: 'asc' } } },
  })
  for (const { name, segments } of renditions) {
    const keys = currentKeys(video)
    const files = [keys.init(name), ...segments.map(({ index }) => keys.segment(name, index))]
    const joined = path.join(fixture.web.dataDir, `${name}.mp4`)
    writeFileSync(joined, Buffer.concat(files.map((key) => readFileSync(fileOf(key)))))
    expect(await readCounter(joined)).toEqual(expected)
  }
}

/** What the task reports, in order. */
const STAGES = ['Encoding', 'Copying', 'Writing', 'Packaging', 'Generating']

it('completes a trim after kill -9 of its worker at each stage, and leaves nothing else', async () => {
  for (const [n, stage] of STAGES.entries()) {
    const range = { startSeconds: 3 + n * 0.4, endSeconds: 55.2 - n }
    const before = await read()
    const { task } = await fixture.user.fetchJson<{ task: TaskDto }>(`/api/v1/videos/${videoId}/trim`, {
      method: 'PUT',
      body: JSON.stringify(range),
    })
    const readTask = () => database.db.task.findUniqueOrThrow({ where: { id: task.id } })
    const first = await fixture.startWorker(ONLY_TRIMS)
    const isAtStage = async () => {
      const { state, stage: reached } = await readTask()
      return state === 'done' || (reached !== null && STAGES.findIndex((one) => reached.startsWith(one)) >= n)
    }
    expect(await waitUntil(isAtStage, { intervalMs: 20, timeoutMs: 60_000 }), stage).toBe(true)
    await first.stop('SIGKILL')
    // Until it is done, the video is as it was.
    if ((await readTask()).state !== 'done') expect((await read()).sha256).toBe(before.sha256)
    const second = await fixture.startWorker(ONLY_TRIMS)
    try {
      const isDone = async () => (await readTask()).state === 'done'
      expect(await waitUntil(isDone, { intervalMs: 200, timeoutMs: 120_000 }), stage).toBe(true)
      await expectFrames(range.startSeconds, range.endSeconds)
      // The files of the earlier trim are destroyed.
      const isClean = async () => readdirSync(fileOf(VIDEOS_FOLDER)).length === 2
      expect(await waitUntil(isClean, { intervalMs: 500, timeoutMs: 60_000 })).toBe(true)
    } finally {
      await second.stop('SIGTERM')
    }
  }
  const restored = await fixture.user.fetchJson<VideoDetailsDto>(`/api/v1/videos/${videoId}/trim`, {
    method: 'DELETE',
  })
  expect(restored.trim).toBeNull()
  await expectFrames(0, SECONDS)
}, 600_000)
