import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll } from 'vitest'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import type { TaskKind } from '@/lib/tasks/kind'
import { inspectVideo } from '@/lib/videos/kinds'
import { webhookOrderSchema } from '@/lib/webhooks/contract'
import { listDeliveries } from '@/lib/webhooks/deliveries'
import { addEndpoint } from '@/lib/webhooks/endpoints'
import { deliverWebhook } from '@/lib/webhooks/kinds'
import type { WorkerContext } from '@/worker/context'
import { handle, type TaskHandler } from '@/worker/handler'
import { runTask } from '@/worker/run-task'
import { RunningTasks } from '@/worker/running-tasks'
import { deliver } from '@/worker/webhooks/deliver'
import { createOwner, type useDatabase } from './database'

const payload = { videoId: '00000000-0000-4000-8000-000000000000' }

/** Somebody with webhooks, tasks that end, and a worker that delivers when it is told to. */
export function useWebhookRoom(database: ReturnType<typeof useDatabase>) {
  process.env.AUTH_SECRET ??= randomUUID()
  let boss: PgBoss
  let running: RunningTasks
  const context = () => ({ db: database.db, boss }) as WorkerContext
  const nextJob = async (kind: TaskKind) =>
    (await boss.fetch<{ taskId: string }>(kind.name, { includeMetadata: true }))[0]
  const runJob = (handler: TaskHandler, job: NonNullable<Awaited<ReturnType<typeof nextJob>>>) =>
    runTask({ context: context(), handler, running, job })
  const work = async (kind: TaskKind, handler: TaskHandler) => {
    const job = await nextJob(kind)
    if (job) await runJob(handler, job)
    return job !== undefined
  }
  const room = {
    ownerId: '',
    given: () => ({ db: database.db, boss }),
    context,
    add: (url: string, rest: object = {}) =>
      addEndpoint(database.db, {
        ownerId: room.ownerId,
        order: webhookOrderSchema.parse({ url, ...rest }),
      }),
    endpoint: (id: string) => database.db.webhookEndpoint.findUniqueOrThrow({ where: { id } }),
    deliveries: async (id: string) =>
      (await listDeliveries(database.db, { id, ownerId: room.ownerId })).deliveries,
    /** Has a task of this owner end, done or as `run` has it. */
    async endTask(run: TaskHandler['run'] = async () => ({ result: { answer: 42 } })) {
      const kind = inspectVideo
      const task = await database.db.$transaction((tx) =>
        enqueueTask(tx, boss, { kind, payload, ownerId: room.ownerId }),
      )
      await work(kind, handle({ kind, run }))
      return database.db.task.findUniqueOrThrow({ where: { id: task.id } })
    },
    /** Delivers what is due, as a worker does. @returns how many */
    async deliverDue() {
      for (let count = 0; ; count++)
        if (!(await work(deliverWebhook, deliver as unknown as TaskHandler))) return count
    },
    /** Delivers what is due, and what waits for its next attempt as if its time had come. */
    async deliverLate() {
      await database.db
        .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${deliverWebhook.name}`
      return room.deliverDue()
    },
    nextJob,
    runJob,
  }
  beforeAll(async () => {
    boss = await openBoss({ url: database.url, supervise: false }).start()
    running = new RunningTasks(database.db)
    room.ownerId = (await createOwner(database.db)).id
  })
  afterAll(async () => {
    await running.end()
    await boss.stop({ graceful: false })
  })
  return room
}
