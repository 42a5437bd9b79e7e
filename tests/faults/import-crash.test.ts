import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { useRemoteFile } from '@/tests/support/remote-file'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
let head: Buffer
let web: Web
let user: TestUser
beforeAll(async () => {
  head = readFileSync(await generateMedia('web-safe.mp4'))
  const env = { IMPORT_ALLOW_PRIVATE: '127.0.0.2/32' }
  web = await startWeb({ databaseUrl: database.url, env })
  user = await web.createUser('ada@example.com')
})
afterAll(() => web.stop())
const remote = useRemoteFile(() => Buffer.concat([head, randomBytes(8_000_000)]))

it('resumes an import after kill -9 of its worker, from the bytes on disk', async () => {
  const first = await startWorker(web)
  const sent = Promise.withResolvers<void>()
  remote.sendOnly(6_000_000, () => sent.resolve())
  const { video, task } = await user.fetchJson<{ video: VideoDto; task: TaskDto }>('/api/v1/imports', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: remote.url() }),
  })
  await sent.promise
  const readTask = () => user.fetchJson<TaskDto>(`/api/v1/tasks/${task.id}`)
  // Reported twice a second.
  await expect
    .poll(async () => (await readTask()).detail?.receivedBytes ?? 0, { timeout: 20_000 })
    .toBeGreaterThan(4_000_000)
  await first.stop('SIGKILL')
  const second = await startWorker(web)
  try {
    await expect.poll(async () => (await readTask()).state, { timeout: 60_000 }).toBe('done')
    const { sha256 } = await user.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)
    expect(sha256).toBe(createHash('sha256').update(remote.content).digest('hex'))
    expect(remote.requests).toMatchObject([{ range: undefined }, { ifRange: '"one"' }])
    expect(Number(/\d+/.exec(remote.requests[1]!.range!)![0])).toBeGreaterThan(4_000_000)
  } finally {
    await second.stop('SIGTERM')
  }
})
