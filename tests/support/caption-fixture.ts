import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll } from 'vitest'
import {
  captionPartTask,
  captionSpeakersTask,
  captionStartTask,
  captionVideoTask,
} from '@/lib/captions/tasks'
import { listVideoCaptions, getCues } from '@/lib/captions/queries'
import { type Config, readConfig } from '@/lib/config/config'
import { sourceKey } from '@/lib/storage/keys'
import { createLocalStorage } from '@/lib/storage/local-storage'
import { openBoss } from '@/lib/tasks/boss'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { registerVideo } from '@/lib/videos/register-video'
import type { WorkerContext } from '@/worker/context'
import { NICENESS } from '@/worker/process/niceness'
import { handlers } from '@/worker/registry'
import { runTask } from '@/worker/runtime/run-task'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { createOwner, type useDatabase } from './database'

/**
 * A worker that runs one job per call and a user who uploads. No models are downloaded. Its programs have the priority of the
 * tests that wait for them: at their usual one they would wait for all other test files.
 */
export function useCaptionFixture(database: ReturnType<typeof useDatabase>, settings: Partial<Config> = {}) {
  for (const kind of Object.keys(NICENESS) as (keyof typeof NICENESS)[]) NICENESS[kind] = 0
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-captions-'))
  const storage = createLocalStorage(path.join(dir, 'storage'))
  let boss: PgBoss
  let running: RunningTasks
  const fixture = {
    dir,
    ownerId: '',
    settings: {
      CAPTIONS: 'pocketsphinx',
      MODEL_HUB: 'http://127.0.0.1:9',
      DATA_DIR: dir,
      ...settings,
    } as Partial<Config>,
    get boss() {
      return boss
    },
    get context() {
      const config = { ...readConfig(), ...fixture.settings } as Config
      return {
        db: database.db,
        boss,
        storage,
        config,
        scratchDir: path.join(dir, 'scratch'),
      } as WorkerContext
    },
    /** Uploads and inspects a copy of `file`. Returns the id of the video. */
    async uploadVideo(file: string, more: { language?: string; replacesId?: string; sha256?: string } = {}) {
      const copy = path.join(dir, `upload${path.extname(file)}`)
      copyFileSync(file, copy)
      const id = randomUUID()
      const filename = path.basename(file)
      const { size: sizeBytes } = statSync(copy)
      await storage.moveIn(sourceKey(id, filename), copy)
      const upload = {
        id,
        ownerId: fixture.ownerId,
        filename,
        sizeBytes,
        sha256: '',
        ...more,
      }
      await registerVideo({ db: database.db, boss }, upload)
      await fixture.runNextJob(inspectVideoTask.name)
      return id
    },
    /** Runs the next job of a queue. Returns false if it is empty. */
    async runNextJob(queue: string = captionVideoTask.name) {
      const [job] = await boss.fetch<{ taskId: string }>(queue, { includeMetadata: true })
      if (!job) return false
      await runTask({ context: fixture.context, handler: handlers.get(queue)!, running, job: job as never })
      await running.taskLog.flush()
      return true
    },
    /** Runs the next transcription to its end. Returns false if none waits. */
    async runNextTranscription() {
      if (!(await fixture.runNextJob())) return false
      await fixture.runParts()
      return true
    },
    /** Runs the parts that wait, and then the transcription they belong to, until it waits for no more. */
    async runParts() {
      let count = 0
      const kinds = [captionStartTask, captionPartTask, captionSpeakersTask]
      for (const { name } of kinds) while (await fixture.runNextJob(name)) count++
      if (count === 0) return
      await fixture.runNextJob()
      await fixture.runParts()
    },
    listCaptions: (videoId: string) => listVideoCaptions(database.db, { videoId, ownerId: fixture.ownerId }),
    listCues: async (id: string) => (await getCues(database.db, { id, ownerId: fixture.ownerId })).cues,
    findTask: (videoId: string, kind: string = captionVideoTask.name) =>
      database.db.task.findFirstOrThrow({ where: { videoId, kind }, orderBy: { id: 'desc' } }),
  }
  beforeAll(async () => {
    boss = await openBoss({ url: database.url, supervise: false }).start()
    running = new RunningTasks(database.db)
    fixture.ownerId = (await createOwner(database.db)).id
  })
  afterAll(async () => {
    await running.stopPolling()
    await boss.stop({ graceful: false })
    rmSync(dir, { recursive: true, force: true })
  })
  return fixture
}
