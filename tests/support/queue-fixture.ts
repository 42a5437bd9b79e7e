import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll } from 'vitest'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import type { QueueOptions } from '@/lib/tasks/task-kind'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { consumeQueues, sharedQueues } from '@/worker/runtime/consume'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type TaskOutcome, type TaskRun } from '@/worker/runtime/handler'
import type { Intake } from '@/worker/runtime/intake'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { createOwner, useDatabase } from './database'

type TaskFunction = (run: TaskRun<{ videoId: string }>) => Promise<TaskOutcome>

const videoId = '00000000-0000-4000-8000-000000000000'

/** A database with a queue, users who enqueue tasks, and workers in this process with a test's handler. */
export function useQueueFixture() {
  const database = useDatabase()
  const stops: (() => Promise<void>)[] = []
  const own = { sender: undefined as unknown as PgBoss, ownerId: '' }
  const createUserId = async () => (await createOwner(database.db)).id
  const readTask = (id: string) => database.db.task.findUniqueOrThrow({ where: { id } })
  beforeAll(async () => {
    own.sender = openBoss({ url: database.url, supervise: false })
    await own.sender.start()
    own.ownerId = await createUserId()
  })
  afterAll(async () => {
    for (const stop of stops) await stop()
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
    readTask,
    enqueue: ({ ownerId = own.ownerId, parentId }: { ownerId?: string; parentId?: string } = {}) =>
      database.db.$transaction((tx) =>
        enqueueTask(tx, own.sender, {
          kind: inspectVideoTask,
          payload: { videoId },
          ownerId,
          parentId,
        }),
      ),
    readStates: async (tasks: readonly { id: string }[]) =>
      Promise.all(tasks.map(async ({ id }) => (await readTask(id)).state)),
    /** Starts a worker that runs every task with `work`. */
    async startWorker(work: TaskFunction, queue: Partial<QueueOptions> = {}, intake?: Intake) {
      const boss = openBoss({ url: database.url, supervise: true })
      await boss.start()
      const running = new RunningTasks(database.db)
      const kind = { ...inspectVideoTask, queue: { ...inspectVideoTask.queue, ...queue } }
      const handlers = new Map([[kind.name, defineHandler({ kind, run: work } as never)]])
      const context = { db: database.db, boss } as WorkerContext
      await consumeQueues({ context, handlers, running, intake, queues: sharedQueues(handlers) })
      let isStopped = false
      const stop = async () => {
        if (isStopped) return
        isStopped = true
        await running.stopConsuming({ timeoutMs: 5_000 })
        await running.stopPolling()
        await boss.stop({ graceful: true })
      }
      stops.push(stop)
      let polls = 0
      running.onPoll(async () => void polls++)
      return {
        stop,
        boss,
        context,
        running,
        /** Number of times it has polled the database for changes of running tasks. */
        pollCount: () => polls,
      }
    },
  }
}
