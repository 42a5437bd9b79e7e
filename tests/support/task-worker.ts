import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect } from 'vitest'
import { config } from '@/lib/config/config'
import { createLocalStorage } from '@/lib/storage/local-storage'
import type { Storage } from '@/lib/storage/storage'
import { openBoss } from '@/lib/tasks/boss'
import { isFinished } from '@/lib/tasks/state'
import type { WorkerContext } from '@/worker/context'
import { consumeQueues, sharedQueues } from '@/worker/runtime/consume'
import type { TaskHandler } from '@/worker/runtime/handler'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { createOwner, type useDatabase } from './database'

/** A worker in this process that takes the tasks of some handlers, and a user. Needs a configuration of its own. */
export function useTaskWorker(
  database: ReturnType<typeof useDatabase>,
  { handlers, openStorage }: { handlers: readonly TaskHandler[]; openStorage?: () => Promise<Storage> },
) {
  const own = { boss: undefined as unknown as PgBoss, ownerId: '', storage: undefined as unknown as Storage }
  let running: RunningTasks
  beforeAll(async () => {
    const { db } = database
    own.boss = await openBoss({ url: database.url, supervise: true }).start()
    own.storage = (await openStorage?.()) ?? createLocalStorage(path.join(config().DATA_DIR, 'storage'))
    own.ownerId = (await createOwner(db)).id
    running = new RunningTasks(db)
    const byKind = new Map(handlers.map((handler) => [handler.kind.name, handler]))
    const context = { db, boss: own.boss, storage: own.storage, config: config() } as WorkerContext
    await consumeQueues({ context, handlers: byKind, running, queues: sharedQueues(byKind) })
  })
  afterAll(async () => {
    await running.stopConsuming({ timeoutMs: 5_000 })
    await running.stopPolling()
    await own.boss.stop({ graceful: true })
  })
  const readTask = (id: string) => database.db.task.findUniqueOrThrow({ where: { id } })
  return {
    get boss() {
      return own.boss
    },
    get ownerId() {
      return own.ownerId
    },
    get storage() {
      return own.storage
    },
    readTask,
    /** Waits until a task has ended. Returns it. */
    async awaitTask(id: string) {
      await expect
        .poll(async () => isFinished((await readTask(id)).state), { timeout: 60_000, interval: 25 })
        .toBe(true)
      return readTask(id)
    },
  }
}
