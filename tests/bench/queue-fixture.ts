import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { openDb } from '@/lib/database/db'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { migrate } from '@/scripts/migrate'
import { startPostgres } from '@/scripts/postgres'
import { createOwner } from '@/tests/support/database'
import { consumeQueues } from '@/worker/runtime/consume'
import type { WorkerContext } from '@/worker/context'
import { defineHandler } from '@/worker/runtime/handler'
import { RunningTasks } from '@/worker/runtime/running-tasks'

const videoId = '00000000-0000-4000-8000-000000000000'

/** Starts a separate Postgres with a queue, and workers whose handler only reports that it started. */
export async function openQueueFixture({ countsStatements = false } = {}) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  let postgres = await startPostgres({ dataDir })
  if (countsStatements) {
    await runSql(postgres.url, "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    await postgres.stop()
    postgres = await startPostgres({ dataDir })
    await runSql(postgres.url, 'CREATE EXTENSION pg_stat_statements')
  }
  await migrate(postgres.url)
  const db = openDb({ url: postgres.url })
  const ownerId = (await createOwner(db)).id
  const sender = openBoss({ url: postgres.url, supervise: false })
  await sender.start()
  return {
    url: postgres.url,
    db,
    ownerId,
    enqueue: () => enqueueTask(db, sender, { kind: inspectVideoTask, payload: { videoId }, ownerId }),
    /** Starts a worker with `slots` slots. Returns a function that stops it. */
    async openWorker(slots: number, onStart: (taskId: string) => void) {
      const boss = openBoss({ url: postgres.url, supervise: true, poolSize: 10 })
      await boss.start()
      const running = new RunningTasks(db)
      const handler = defineHandler({
        kind: inspectVideoTask,
        async run({ taskId }) {
          onStart(taskId)
          return {}
        },
      })
      await consumeQueues({
        context: { db, boss } as WorkerContext,
        handlers: new Map([[inspectVideoTask.name, handler]]),
        running,
        queues: [{ name: inspectVideoTask.name, slots }],
      })
      return async () => {
        await running.stopConsuming({ timeoutMs: 10_000 })
        await running.stopPolling()
        await boss.stop({ graceful: true })
      }
    },
    /** Updates the statistics of all tables, as Postgres does by itself within a minute, so that plans fit them. */
    analyze: () => db.$executeRaw`ANALYZE`,
    async close() {
      await sender.stop({ graceful: true })
      await db.$disconnect()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function runSql(connectionString: string, sql: string) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(sql)
  await client.end()
}

export type QueueFixture = Awaited<ReturnType<typeof openQueueFixture>>
