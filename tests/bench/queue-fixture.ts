import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
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
export async function openQueueFixture() {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const postgres = await startPostgres({ dataDir })
  await migrate(postgres.url)
  const db = openDb({ url: postgres.url })
  const ownerId = (await createOwner(db)).id
  const sender = openBoss({ url: postgres.url, supervise: false })
  await sender.start()
  return {
    url: postgres.url,
    db,
    ownerId,
    enqueue: () =>
      db.$transaction((tx) =>
        enqueueTask(tx, sender, { kind: inspectVideoTask, payload: { videoId }, ownerId }),
      ),
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
        await boss.stop({ graceful: true })
        await running.stopPolling()
      }
    },
    async close() {
      await sender.stop({ graceful: true })
      await db.$disconnect()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type QueueFixture = Awaited<ReturnType<typeof openQueueFixture>>
