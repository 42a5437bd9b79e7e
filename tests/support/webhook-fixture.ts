import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll } from 'vitest'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import type { TaskKind } from '@/lib/tasks/task-kind'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { createWebhookSchema } from '@/lib/webhooks/schema'
import { createEndpoint } from '@/lib/webhooks/commands'
import { listDeliveries } from '@/lib/webhooks/queries'
import { deliverWebhookTask } from '@/lib/webhooks/tasks'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type TaskHandler } from '@/worker/runtime/handler'
import { runTask } from '@/worker/runtime/run-task'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { deliverWebhook } from '@/worker/webhooks/deliver-webhook'
import { createOwner, type useDatabase } from './database'

const payload = { videoId: '00000000-0000-4000-8000-000000000000' }

/** A user with webhooks, tasks to finish, and a worker that delivers on request. */
export function useWebhookFixture(database: ReturnType<typeof useDatabase>) {
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
  const fixture = {
    ownerId: '',
    deps: () => ({ db: database.db, boss }),
    context,
    addEndpoint: (url: string, rest: object = {}) =>
      createEndpoint(database.db, {
        ownerId: fixture.ownerId,
        input: createWebhookSchema.parse({ url, ...rest }),
      }),
    readEndpoint: (id: string) => database.db.webhookEndpoint.findUniqueOrThrow({ where: { id } }),
    listDeliveries: async (id: string) =>
      (await listDeliveries(database.db, { id, ownerId: fixture.ownerId })).deliveries,
    /** Runs a task of this owner to its end, by default successfully. */
    async finishTask(run: TaskHandler['run'] = async () => ({ result: { answer: 42 } })) {
      const kind = inspectVideoTask
      const task = await database.db.$transaction((tx) =>
        enqueueTask(tx, boss, { kind, payload, ownerId: fixture.ownerId }),
      )
      await work(kind, defineHandler({ kind, run }))
      return database.db.task.findUniqueOrThrow({ where: { id: task.id } })
    },
    /** Delivers what is due, like a worker. Resolves to the number of attempts. */
    async deliverDue() {
      for (let count = 0; ; count++)
        if (!(await work(deliverWebhookTask, deliverWebhook as unknown as TaskHandler))) return count
    },
    /** Delivers what is due and what waits for its next attempt, without the delay. */
    async deliverWithRetries() {
      await database.db
        .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${deliverWebhookTask.name}`
      return fixture.deliverDue()
    },
    nextJob,
    runJob,
  }
  beforeAll(async () => {
    boss = await openBoss({ url: database.url, supervise: false }).start()
    running = new RunningTasks(database.db)
    fixture.ownerId = (await createOwner(database.db)).id
  })
  afterAll(async () => {
    await running.stopPolling()
    await boss.stop({ graceful: false })
  })
  return fixture
}
