import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { captionVideoTask } from '@/lib/captions/tasks'
import { toTaskDtos } from '@/lib/tasks/to-task-dto'
import { isFinished } from '@/lib/tasks/state'
import { transcodeVideoTask } from '@/lib/videos/tasks'
import { createOwner } from '@/tests/support/database'
import type { Measurement } from './measurement'
import { generateFirstFiles, generateQueueFiles } from './promise-files'
import { type Job, summarizeJobs } from './promise-summary'
import { openWorkerFixture, type WorkerFixture } from './worker-fixture'

const USERS = 3
const POLL_MS = 1_000

/**
 * Processes a mixed queue of 30 jobs of three users, after a few from which the worker learns, and compares the time left
 * that was published with the time that it took.
 */
export async function benchmarkPromise(): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const fixture = await openWorkerFixture({ CAPTIONS: 'pocketsphinx' })
  try {
    const ownerIds: string[] = []
    for (let n = 0; n < USERS; n++) ownerIds.push((await createOwner(fixture.db)).id)
    const firstFiles = await generateFirstFiles(path.join(dir, 'first'))
    const files = await generateQueueFiles(path.join(dir, 'queue'))
    await processFiles(fixture, { ownerIds, files: firstFiles })
    const startedAt = Date.now()
    const jobs = await processFiles(fixture, { ownerIds, files })
    return [
      { name: 'jobs', value: jobs.length, unit: 'count' },
      { name: 'duration of the queue', value: (Date.now() - startedAt) / 1_000, unit: 's' },
      { name: 'load of the computer at the end, average of 5 min', value: loadavg()[1]!, unit: 'count' },
      ...summarizeJobs(jobs),
    ]
  } finally {
    await fixture.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Work {
  ownerIds: readonly string[]
  /** Of each other user in turn. */
  files: readonly string[]
}

/** Records what is published about the transcodes and transcriptions of `files` until all of their tasks have ended. */
async function processFiles({ db, addVideo }: WorkerFixture, { ownerIds, files }: Work): Promise<Job[]> {
  const videoIds: string[] = []
  for (const [n, file] of files.entries())
    videoIds.push(await addVideo({ file, ownerId: ownerIds[n % ownerIds.length]! }))
  const jobs = new Map<string, Job>()
  for (;;) {
    const rows = await db.task.findMany({ where: { videoId: { in: videoIds }, partOfId: null } })
    const tasks = await toTaskDtos(db, rows)
    const at = Date.now()
    for (const task of tasks) {
      const { statements = [] } = jobs.get(task.id) ?? {}
      const { etaSeconds, etaRangeSeconds } = task
      if (!isFinished(task.state)) statements.push({ at, etaSeconds, etaRangeSeconds })
      jobs.set(task.id, { task, statements })
    }
    if (tasks.every(({ state }) => isFinished(state))) return [...jobs.values()].filter(isJob)
    await delay(POLL_MS)
  }
}

/** Transcriptions of files without sound end at once. */
const isJob = ({ task: { kind, result } }: Job) =>
  kind === transcodeVideoTask.name ||
  (kind === captionVideoTask.name && !(result as { reason?: string }).reason)
