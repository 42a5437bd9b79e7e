import { mkdtempSync, openAsBlob, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { captionVideoTask } from '@/lib/captions/tasks'
import type { TaskDto } from '@/lib/tasks/schema'
import { isFinished } from '@/lib/tasks/state'
import { transcodeVideoTask } from '@/lib/videos/tasks'
import type { VideoDto } from '@/lib/videos/schema'
import type { App } from '@/tests/support/app'
import type { Measurement } from './measurement'
import { generateFirstFiles, generateQueueFiles } from './promise-files'
import { type Job, summarizeJobs } from './promise-summary'

const USERS = 3
const POLL_MS = 1_000
/** Transcriptions of files without sound end at once. */
const SOUND = 'sound'

type User = Awaited<ReturnType<App['createUser']>>

/**
 * Processes a mixed queue of 30 jobs of three users, after a few from which the server learns, and compares the time left
 * that the API published with the time that it took.
 */
export async function benchmarkPromise({ app }: { app: App }): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  try {
    const users: User[] = []
    for (let n = 0; n < USERS; n++) users.push(await app.createUser(`user-${n}@example.com`))
    await processFiles(users, await generateFirstFiles(path.join(dir, 'first')))
    const files = await generateQueueFiles(path.join(dir, 'queue'))
    const startedAt = Date.now()
    const jobs = await processFiles(users, files)
    return [
      { name: 'jobs', value: jobs.length, unit: 'count' },
      { name: 'duration of the queue', value: (Date.now() - startedAt) / 1_000, unit: 's' },
      { name: 'load of the computer at the end, average of 5 min', value: loadavg()[1]!, unit: 'count' },
      ...summarizeJobs(jobs),
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Uploads files, each as another user than the one before, and records what is published until all are done. */
async function processFiles(users: readonly User[], files: readonly string[]): Promise<Job[]> {
  const videoIds = new Set<string>()
  const soundIds = new Set<string>()
  for (const [n, file] of files.entries()) {
    const name = path.basename(file)
    const { video } = await users[n % users.length]!.fetchJson<{ video: VideoDto }>(
      `/api/v1/videos?filename=${name}`,
      { method: 'POST', body: await openAsBlob(file) },
    )
    videoIds.add(video.id)
    if (name.startsWith(SOUND)) soundIds.add(video.id)
  }
  const jobs = new Map<string, Job>()
  for (;;) {
    const pages = await Promise.all(
      users.map((user) => user.fetchJson<{ tasks: TaskDto[] }>('/api/v1/tasks?limit=200')),
    )
    const at = Date.now()
    const tasks = pages.flatMap((page) => page.tasks).filter(({ videoId }) => videoIds.has(videoId ?? ''))
    for (const task of tasks) {
      const isJob =
        task.kind === transcodeVideoTask.name ||
        (task.kind === captionVideoTask.name && soundIds.has(task.videoId ?? ''))
      if (!isJob) continue
      const { statements = [] } = jobs.get(task.id) ?? {}
      const { etaSeconds, etaRangeSeconds } = task
      if (!isFinished(task.state)) statements.push({ at, etaSeconds, etaRangeSeconds })
      jobs.set(task.id, { task, statements })
    }
    if (tasks.every(({ state }) => isFinished(state))) return [...jobs.values()]
    await delay(POLL_MS)
  }
}
