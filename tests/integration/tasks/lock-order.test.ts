import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { PermanentError, RetryLater } from '@/lib/errors'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type TaskOutcome } from '@/worker/runtime/handler'
import { runTask } from '@/worker/runtime/run-task'
import { RunningTasks } from '@/worker/runtime/running-tasks'

const fixture = useQueueFixture()
let canceler: pg.Client
let running: RunningTasks
beforeAll(async () => {
  running = new RunningTasks(fixture.db)
  canceler = new pg.Client({ connectionString: fixture.database.url })
  await canceler.connect()
})
afterAll(async () => {
  await running.stopPolling()
  await canceler.end()
})

const runs: [name: string, run: () => Promise<TaskOutcome>][] = [
  ['completes', async () => ({})],
  ['is postponed', () => Promise.reject(new RetryLater(3_600_000, 'not now'))],
  ['is retried', () => Promise.reject(new Error('the disk is full'))],
  ['fails', () => Promise.reject(new PermanentError({ code: 'test.never', message: 'Never.' }))],
]

// A cancellation locks the task, then its attempt: a run that locked them the other way round would deadlock with it.
it.each(runs)('a task that %s is locked before its attempt', async (_, run) => {
  const task = await fixture.enqueue()
  const [job] = await fixture.boss.fetch(inspectVideoTask.name, { includeMetadata: true })
  const handler = defineHandler({
    kind: inspectVideoTask,
    async run() {
      await canceler.query('BEGIN')
      // Not FOR UPDATE, for which writes of log lines would wait as well.
      await canceler.query('SELECT 1 FROM task WHERE id = $1 FOR NO KEY UPDATE', [task.id])
      return run()
    },
  } as never)
  const context = { db: fixture.db, boss: fixture.boss } as WorkerContext
  const settled = runTask({ context, handler, running, job: job as never })
  // Not just any waiting transaction: the rollback would come before the run has begun.
  const waiting = 'SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))'
  try {
    await vi.waitFor(async () => expect((await canceler.query(waiting)).rowCount).toBe(1), 10_000)
    await canceler.query('SELECT 1 FROM task_attempt WHERE "taskId" = $1 FOR UPDATE NOWAIT', [task.id])
  } finally {
    await canceler.query('ROLLBACK')
    await settled
  }
  expect((await fixture.readTask(task.id)).state).not.toBe('in_progress')
})
