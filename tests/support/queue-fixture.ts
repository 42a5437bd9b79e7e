import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll } from 'vitest'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import type { QueueOptions } from '@/lib/tasks/task-kind'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { consumeQueues, sharedQueues } from '@/worker/runtime/consume'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type TaskOutcome, type TaskRun } from '@/worker/runtime/handler'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { createOwner, useDatabase } from './database'

type TaskFunction = (run: TaskRun<{ videoId: string }>) => Promise<TaskOutcome>

const videoId = '00000000-0000-4000-8000-000000000000'

/** A database with a queue, users who enqueue tasks, and workers in this process with a test's handler. */
export function useQueueFixture() {
  const database = useDatabase()
  const ends: (() => Promise<void>)[] = []
  const own = { sender: undefined as unknown as PgBoss, ownerId: '' }
  const createUserId = async () => (await createOwner(database.db)).id
  const readTask = (id: string) => database.db.task.findUniqueOrThrow({ where: { id } })
  beforeAll(async () => {
    own.sender = openBoss({ url: database.url, supervise: false })
    await own.sender.start()
    own.ownerId = await createUserId()
  })
  afterAll(async () => {
    for (const end of ends) await end()
    await own.sender.stop({ graceful: false })
  })
  return {
    database,
    get db() {
      return database.db
    },
    get boss() {
      return own.sender
    },
    get ownerId() {
      return own.ownerId
    },
    createUserId,
    read: readTask,
    enqueue: (ownerId = own.ownerId, after?: string) =>
      database.db.$transaction((tx) =>
        enqueueTask(tx, own.sender, {
          kind: inspectVideoTask,
          payload: { videoId },
          ownerId,
          parentId: after,
        }),
      ),
    readStates: async (tasks: readonly { id: string }[]) =>
      Promise.all(tasks.map(async ({ id }) => (await readTask(id)).state)),
    /** Starts a worker that runs every task with `work` until it is stopped. */
    async startWorker(work: TaskFunction, queue: Partial<QueueOptions> = {}) {
      const boss = openBoss({ url: database.url, supervise: true })
      await boss.start()
      const running = new RunningTasks(database.db)
      const kind = { ...inspectVideoTask, queue: { ...inspectVideoTask.queue, ...queue } }
      const handlers = new Map([[kind.name, defineHandler({ kind, run: work } as never)]])
      const context = { db: database.db, boss } as WorkerContext
      await consumeQueues({ context, handlers, running, queues: sharedQueues(handlers) })
      let isStopped = false
      const stop = async () => {
        if (isStopped) return
        isStopped = true
        await running.stopPolling()
        await boss.stop({ graceful: true, timeout: 5_000 })
      }
      ends.push(stop)
      let polls = 0
      running.onPoll(async () => void polls++)
      return {
        end: stop,
        boss,
        context,
        running,
        /** How often it has polled the database for changes of running tasks. */
        pollCount: () => polls,
      }
    },
  }
}
