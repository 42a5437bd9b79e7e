import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LogLineDto, TaskDto } from '@/lib/tasks/schema'
import { videoKeys } from '@/lib/storage/keys'
import { transcodeChunkTask } from '@/lib/videos/tasks'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { readPictures } from '@/tests/support/media-analysis'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const SECONDS = 140
const database = useDatabase()
let web: Web
let ada: TestUser
const workers: Awaited<ReturnType<typeof startWorker>>[] = []

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  workers.push(await startWorker(web), await startWorker(web))
})
afterAll(async () => {
  for (const worker of workers) await worker.stop('SIGTERM')
  await web.stop()
})

/** Generates a video with a click each second, each frame of which shows its number in twelve columns, one for each bit. */
async function generateCounter() {
  const file = path.join(web.dataDir, 'counter.mkv')
  const columns = 'geq=lum=255*mod(floor(N/pow(2\\,floor(X/32)))\\,2)'
  const input = `color=black:s=384x216:r=25:d=${SECONDS},format=gray,${columns}`
  const clicks = `-f lavfi -i aevalsrc=if(eq(mod(n\\,48000)\\,0)\\,0.9\\,0):s=48000:d=${SECONDS}`
  const encode = '-pix_fmt yuv420p -c:v mpeg4 -g 100 -q:v 2 -c:a pcm_s16le'
  const args = ['-f', 'lavfi', '-i', input, ...`${clicks} ${encode}`.split(' '), file]
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...args])
  return file
}

const listChunks = (videoId: string) =>
  database.db.task.findMany({
    where: { videoId, kind: transcodeChunkTask.name },
    include: { history: true },
    orderBy: { id: 'asc' },
  })

it('two workers share a video, and one completes it after the other is killed, with each frame exactly once', async () => {
  const body = readFileSync(await generateCounter())
  const { task, video } = await ada.fetchJson<{ task: TaskDto; video: { id: string } }>(
    '/api/v1/videos?filename=counter.mkv',
    { method: 'POST', body },
  )
  const reported: number[] = []
  const readTask = async () => {
    const current = await ada.fetchJson<TaskDto>(`/api/v1/tasks/${task.id}`)
    reported.push(current.progress)
    return current
  }
  const countRunning = async () => {
    await readTask()
    return (await listChunks(video.id)).filter(({ state }) => state === 'in_progress').length
  }
  await expect.poll(countRunning, { timeout: 60_000, interval: 50 }).toBe(2)
  await workers.shift()!.stop('SIGKILL')
  await expect.poll(async () => (await readTask()).state, { timeout: 180_000, interval: 200 }).toBe('done')

  const chunks = await listChunks(video.id)
  expect(chunks.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'done'))
  const outcomes = chunks.flatMap(({ history }) => history.map(({ outcome }) => outcome))
  expect(outcomes.filter((outcome) => outcome !== 'done')).toEqual(['died'])
  expect(outcomes).toHaveLength(6)
  const owners = new Set(chunks.flatMap(({ history }) => history.map(({ workerId }) => workerId)))
  expect(owners.size).toBe(2)
  const { lines } = await ada.fetchJson<{ lines: LogLineDto[] }>(`/api/v1/tasks/${task.id}/log`)
  expect(lines.filter(({ message }) => message.startsWith('chunk transcoded'))).toHaveLength(5)
  expect(reported).toEqual(reported.toSorted((a, b) => a - b))

  const keys = videoKeys(video.id)
  const segments = await database.db.segment.findMany({
    where: { rendition: { videoId: video.id, name: '216p' } },
    orderBy: { index: 'asc' },
  })
  const files = [keys.init('216p'), ...segments.map(({ index }) => keys.segment('216p', index))]
  const joined = path.join(web.dataDir, 'joined.mp4')
  writeFileSync(
    joined,
    Buffer.concat(files.map((key) => readFileSync(path.join(web.dataDir, 'storage', key)))),
  )
  const numbers = (await readPictures(joined, { width: 12, height: 1 })).map((columns) =>
    columns.reduce((sum, luma, bit) => sum + (luma > 128 ? 2 ** bit : 0), 0),
  )
  expect(numbers).toEqual(Array.from({ length: 25 * SECONDS }, (_, n) => n))
}, 300_000)
