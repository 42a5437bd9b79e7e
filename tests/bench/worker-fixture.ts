import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openDb } from '@/lib/database/db'
import { sourceKey } from '@/lib/storage/keys'
import { createLocalStorage } from '@/lib/storage/local-storage'
import { openBoss } from '@/lib/tasks/boss'
import { registerVideo } from '@/lib/videos/register-video'
import { migrate } from '@/scripts/migrate'
import { startPostgres } from '@/scripts/postgres'

/** Starts a separate Postgres and a worker process, with a storage to which files can be added as if uploaded. */
export async function openWorkerFixture(env: Record<string, string> = {}) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const postgres = await startPostgres({ dataDir })
  await migrate(postgres.url)
  const db = openDb({ url: postgres.url })
  const boss = openBoss({ url: postgres.url, supervise: false })
  await boss.start()
  const storage = createLocalStorage(path.join(dataDir, 'storage'))
  const worker = spawn(process.execPath, ['dist/worker.js'], {
    env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: postgres.url, MACHINE_DRIVER: 'fake', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(worker, 'exit')
  return {
    db,
    /** Stores a file as an uploaded video. Returns the id of the video. */
    async addVideo({ file, ownerId }: { file: string; ownerId: string }) {
      const id = randomUUID()
      const filename = path.basename(file)
      await storage.copyIn(sourceKey(id, filename), file)
      const { size: sizeBytes } = await stat(file)
      await registerVideo({ db, boss }, { id, ownerId, filename, sizeBytes, sha256: id })
      return id
    },
    async close() {
      worker.kill('SIGTERM')
      await exited
      await boss.stop({ graceful: true })
      await db.$disconnect()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type WorkerFixture = Awaited<ReturnType<typeof openWorkerFixture>>
