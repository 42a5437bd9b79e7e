import { randomUUID } from 'node:crypto'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect } from 'vitest'
import { captionVideoTask } from '@/lib/captions/tasks'
import { sourceKey } from '@/lib/storage/keys'
import { createLocalStorage } from '@/lib/storage/local-storage'
import { openBoss } from '@/lib/tasks/boss'
import { deleteVideo } from '@/lib/videos/commands'
import { registerVideo } from '@/lib/videos/register-video'
import { createOwner, type useDatabase } from './database'
import { findProcesses } from './processes'
import { startProcess, stopProcess } from './web'

/** Longest time for one file on a busy computer, in milliseconds. */
const MAX_TASK_MS = 180_000
const RUNNING = ['queued', 'in_progress']

/** A real worker process that takes all tasks of videos except transcriptions, and a user who uploads. */
export function useMediaWorker(database: ReturnType<typeof useDatabase>) {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-media-worker-'))
  const storage = createLocalStorage(path.join(dir, 'storage'))
  const uploads = path.join(dir, 'uploads')
  let boss: PgBoss
  let ownerId: string
  let child: ChildProcess

  beforeAll(async () => {
    mkdirSync(uploads)
    boss = await openBoss({ url: database.url, supervise: false }).start()
    ownerId = (await createOwner(database.db)).id
    const env = {
      ...process.env,
      DATA_DIR: dir,
      DATABASE_URL: database.url,
      LOG_LEVEL: 'error',
      WORKER_QUEUES: 'video,-video.caption',
    }
    const isReady = async () => {
      if ((await database.db.workerBeat.count()) === 0) throw new Error('not ready')
    }
    child = await startProcess('worker', { env, isReady })
  })
  afterAll(async () => {
    await stopProcess(child, 'SIGTERM')
    await boss.stop({ graceful: false })
    rmSync(dir, { recursive: true, force: true })
  })

  /** Files of videos and of running tasks. */
  const listFiles = () =>
    ['storage/videos', 'scratch', 'uploads'].flatMap((folder) => {
      const at = path.join(dir, folder)
      return existsSync(at)
        ? readdirSync(at, { recursive: true, withFileTypes: true })
            .filter((entry) => !entry.isDirectory())
            .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
        : []
    })

  return {
    /** The storage with the files of all videos. */
    storage,
    /** Stores a file as an upload of the user does. Returns the id of the video. */
    async upload(bytes: Uint8Array, filename: string) {
      const id = randomUUID()
      const draft = path.join(uploads, id)
      writeFileSync(draft, bytes)
      await storage.moveIn(sourceKey(id, filename), draft)
      const file = { id, ownerId, filename, sizeBytes: bytes.length, sha256: '' }
      await registerVideo({ db: database.db, boss }, file)
      return id
    },
    /** Waits until all tasks of a video have ended. Returns them. */
    async awaitTasks(videoId: string) {
      const listTasks = () =>
        database.db.task.findMany({
          where: { videoId, kind: { not: captionVideoTask.name } },
          orderBy: { id: 'asc' },
        })
      const listRunning = async () => {
        const running = (await listTasks()).filter(({ state }) => RUNNING.includes(state))
        return running.map(({ kind, state, stage }) => `${kind} is ${state}: ${stage}`)
      }
      await expect.poll(listRunning, { timeout: MAX_TASK_MS, interval: 100 }).toEqual([])
      return listTasks()
    },
    /** The content of the files that were created from an upload. */
    readResults: (videoId: string) =>
      listFiles()
        .filter((file) => file.includes(videoId) && !path.basename(file).startsWith('source'))
        .map((file) => readFileSync(path.join(dir, file), 'latin1')),
    deleteVideo: (id: string) => deleteVideo({ db: database.db, boss, storage, id, ownerId }),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    readMemoryBytes: () =>
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    /** Expects that no program runs and no file is left. A program that is killed may take a moment to end. */
    async expectNothingLeft() {
      const findPrograms = () => findProcesses(dir).filter(({ pid }) => pid !== child.pid)
      await expect.poll(findPrograms).toEqual([])
      await expect.poll(listFiles).toEqual([])
    },
  }
}
