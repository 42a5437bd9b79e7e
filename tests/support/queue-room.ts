import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll } from 'vitest'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import type { QueueOptions } from '@/lib/tasks/kind'
import { inspectVideo } from '@/lib/videos/kinds'
import { consume, sharedQueues } from '@/worker/consume'
import type { WorkerContext } from '@/worker/context'
import { handle, type Outcome, type Run } from '@/worker/handler'
import { RunningTasks } from '@/worker/running-tasks'
import { createOwner, useDatabase } from './database'

type Work = (run: Run<{ videoId: string }>) => Promise<Outcome>

const videoId = '00000000-0000-4000-8000-000000000000'

/** A database with a queue, people who ask for tasks, and workers in this process that do what a test says. */
export function useQueueRoom() {
  const database = useDatabase()
  const ends: (() => Promise<void>)[] = []
  const own = { sender: undefined as unknown as PgBoss, ownerId: '' }
  const person = async () => (await createOwner(database.db)).id
  const read = (id: string) => database.db.task.findUniqueOrThrow({ where: { id } })
  beforeAll(async () => {
    own.sender = openBoss({ url: database.url, supervise: false })
    await own.sender.start()
    own.ownerId = await person()
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
    person,
    read,
    ask: (ownerId = own.ownerId, after?: string) =>
      database.db.$transaction((tx) =>
        enqueueTask(tx, own.sender, { kind: inspectVideo, payload: { videoId }, ownerId, after }),
      ),
    states: async (tasks: readonly { id: string }[]) =>
      Promise.all(tasks.map(async ({ id }) => (await read(id)).state)),
    /** A worker that does every task with `work`, until it ends. */
    async startWorker(work: Work, queue: Partial<QueueOptions> = {}) {
      const boss = openBoss({ url: database.url, supervise: true })
      await boss.start()
      const running = new RunningTasks(database.db)
      const kind = { ...inspectVideo, queue: { ...inspectVideo.queue, ...queue } }
      const handlers = new Map([[kind.name, handle({ kind, run: work } as never)]])
      const context = { db: database.db, boss } as WorkerContext
      await consume({ context, handlers, running, queues: sharedQueues(handlers) })
      let isOver = false
      const end = async () => {
        if (isOver) return
        isOver = true
        await running.end()
        await boss.stop({ graceful: true, timeout: 5_000 })
      }
      ends.push(end)
      let looks = 0
      running.onLook(async () => void looks++)
      return {
        end,
        boss,
        context,
        running,
        /** How often it has looked at the database whether something has changed. */
        looks: () => looks,
      }
    },
  }
}
