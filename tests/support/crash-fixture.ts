import path from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { whereUnfinished } from '@/lib/tasks/queries'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import type { TestUser } from './accounts'
import type { useDatabase } from './database'
import { startWeb, startWorker, type Web } from './web'

/** A web process without captions and a user, for tests that kill workers. */
export function useCrashFixture(database: ReturnType<typeof useDatabase>) {
  let web: Web
  let user: TestUser
  beforeAll(async () => {
    web = await startWeb({ databaseUrl: database.url })
    user = await web.createUser('ada@example.com')
  })
  afterAll(() => web.stop())
  return {
    get web() {
      return web
    },
    get user() {
      return user
    },
    startWorker: (env: Record<string, string> = {}) => startWorker(web, env),
    readVideo: (id: string) => user.fetchJson<VideoDetailsDto>(`/api/v1/videos/${id}`),
    /** The path of a file in the storage. */
    fileOf: (key: string) => path.join(web.dataDir, 'storage', key),
    async awaitTasks(videoId: string) {
      const isDone = async () =>
        (await database.db.task.count({ where: { videoId, ...whereUnfinished } })) === 0
      expect(await waitUntil(isDone, { intervalMs: 200, timeoutMs: 120_000 })).toBe(true)
    },
  }
}
