import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Db, openDb } from '@/lib/db'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { inspectVideo } from '@/lib/videos/kinds'
import { migrate } from '@/scripts/migrate'
import { type RunningPostgres, startPostgres } from '@/scripts/postgres'
import { createOwner } from '@/tests/support/database'
import type { WorkerContext } from '@/worker/context'
import { handle, type Outcome, type Run } from '@/worker/handler'
import { runTask } from '@/worker/run-task'
import { RunningTasks } from '@/worker/running-tasks'

const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-away-'))
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
  await running.end()
  await boss.stop({ graceful: false })
  await db.$disconnect()
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function runOne(run: (run: Run<unknown>) => Promise<Outcome>) {
  const videoId = '00000000-0000-4000-8000-000000000000'
  const task = await db.$transaction((tx) =>
    enqueueTask(tx, boss, { kind: inspectVideo, payload: { videoId }, ownerId }),
  )
  const [job] = await boss.fetch(inspectVideo.name, { includeMetadata: true })
  const handler = handle({ kind: inspectVideo, run } as never)
  await runTask({ context: { db, boss } as WorkerContext, handler, running, job: job as never })
  return db.task.findUniqueOrThrow({ where: { id: task.id } })
}

const restart = async () => void (postgres = await startPostgres({ dataDir }))

it('a run writes on when Postgres comes back, and no attempt is spent', async () => {
  const names = ['before', 'in the middle of a transaction', 'after']
  const task = await runOne(async (run) => {
    for (const name of names) {
      let isFirst = true
      await run.write(async (tx) => {
        if (isFirst && name.startsWith('in')) {
          isFirst = false
          await postgres.kill()
          void restart()
        }
        await tx.user.update({ where: { id: ownerId }, data: { name } })
      })
    }
    return {}
  })
  expect(task).toMatchObject({ state: 'done', attempts: 1 })
  expect((await db.user.findUniqueOrThrow({ where: { id: ownerId } })).name).toBe('after')
})

it('a result is stored when Postgres comes back', async () => {
  let stops = 0
  const task = await runOne(async (run) => {
    run.report({ progress: 0.5 })
    return {
      result: { answer: 42 },
      store: async () => {
        if (stops++ > 0) return
        await postgres.stop()
        void restart()
      },
    }
  })
  expect(task).toMatchObject({ state: 'done', attempts: 1, result: { answer: 42 } })
  expect(stops).toBe(2)
})
