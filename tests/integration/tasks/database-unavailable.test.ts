import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Db, openDb } from '@/lib/database/db'
import { Prisma } from '@/lib/generated/prisma/client'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { migrate } from '@/scripts/migrate'
import { type RunningPostgres, startPostgres } from '@/scripts/postgres'
import { createOwner } from '@/tests/support/database'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type TaskOutcome, type TaskRun } from '@/worker/runtime/handler'
import { runTask } from '@/worker/runtime/run-task'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { WorkerStopping } from '@/worker/runtime/shutdown'

const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-outage-'))
let postgres: RunningPostgres
let db: Db
let boss: PgBoss
let running: RunningTasks
let ownerId: string

beforeAll(async () => {
  postgres = await startPostgres({ dataDir })
  await migrate(postgres.url)
  db = openDb({ url: postgres.url })
  boss = openBoss({ url: postgres.url, supervise: false })
  await boss.start()
  running = new RunningTasks(db)
  ownerId = (await createOwner(db)).id
})
afterAll(async () => {
  await running.stopPolling()
  await boss.stop({ graceful: false })
  await db.$disconnect()
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function runOneTask(run: (run: TaskRun<unknown>) => Promise<TaskOutcome>) {
  const videoId = '00000000-0000-4000-8000-000000000000'
  const task = await db.$transaction((tx) =>
    enqueueTask(tx, boss, { kind: inspectVideoTask, payload: { videoId }, ownerId }),
  )
  const [job] = await boss.fetch(inspectVideoTask.name, { includeMetadata: true })
  const handler = defineHandler({ kind: inspectVideoTask, run } as never)
  await runTask({ context: { db, boss } as WorkerContext, handler, running, job: job as never })
  return db.task.findUniqueOrThrow({ where: { id: task.id } })
}

const restartPostgres = async () => void (postgres = await startPostgres({ dataDir }))

it('lets a run continue to write once Postgres is back, without spending an attempt', async () => {
  const names = ['before', 'in the middle of a transaction', 'after']
  const task = await runOneTask(async (run) => {
    for (const name of names) {
      let isFirst = true
      await run.write(async (tx) => {
        if (isFirst && name.startsWith('in')) {
          isFirst = false
          await postgres.kill()
          void restartPostgres()
        }
        await tx.user.update({ where: { id: ownerId }, data: { name } })
      })
    }
    return {}
  })
  expect(task).toMatchObject({ state: 'done', attempts: 1 })
  expect((await db.user.findUniqueOrThrow({ where: { id: ownerId } })).name).toBe('after')
})

it('stores a result once Postgres is back', async () => {
  let stops = 0
  const task = await runOneTask(async (run) => {
    run.report({ progress: 0.5 })
    return {
      result: { answer: 42 },
      store: async () => {
        if (stops++ > 0) return
        await postgres.stop()
        void restartPostgres()
      },
    }
  })
  expect(task).toMatchObject({ state: 'done', attempts: 1, result: { answer: 42 } })
  expect(stops).toBe(2)
})

it('postpones a run whose query fails meanwhile, without spending an attempt', async () => {
  const task = await runOneTask(async () => {
    await postgres.kill()
    const count = db.user.count()
    void count.finally(restartPostgres).catch(() => undefined)
    return { result: { count: await count } }
  })
  expect(task).toMatchObject({ state: 'queued', attempts: 0, error: null })
  const history = await db.taskAttempt.findMany({ where: { taskId: task.id } })
  expect(history).toMatchObject([{ outcome: 'later' }])
})

it('spends an attempt on an error of another service', async () => {
  const task = await runOneTask(async () => {
    throw new Error('connect ECONNREFUSED 127.0.0.1:25')
  })
  expect(task).toMatchObject({ state: 'queued', attempts: 1, error: { code: 'task.crashed' } })
})

it(
  'stores what a run has done outside once Postgres is back, though the worker is stopping',
  { tags: 'full' },
  async () => {
    const task = await runOneTask(async (run) => {
      await postgres.stop()
      void restartPostgres()
      running.abortAll(new WorkerStopping())
      await run.writeTogether(Prisma.sql`UPDATE "user" SET name = 'sent' FROM held WHERE id = ${ownerId}`)
      return {}
    })
    expect((await db.user.findUniqueOrThrow({ where: { id: ownerId } })).name).toBe('sent')
    expect(task.state).toBe('done')
  },
)
