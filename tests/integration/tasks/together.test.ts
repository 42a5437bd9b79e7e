import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { kinds } from '@/lib/kinds'
import { registerAllTasks } from '@/lib/register-tasks'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { registerTasks } from '@/lib/tasks/registry'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import type { WorkerContext } from '@/worker/context'
import { type DeliveredJob, fetchJobs } from '@/worker/runtime/fetch-jobs'
import { defineHandler } from '@/worker/runtime/handler'
import { runTask } from '@/worker/runtime/run-task'
import { RunningTasks } from '@/worker/runtime/running-tasks'

// Tasks that are claimed by one statement, and completed by one transaction.

const fixture = useQueueFixture()
const queue = inspectVideoTask.name
let running: RunningTasks
let canceler: pg.Client
beforeAll(async () => {
  running = new RunningTasks(fixture.db)
  canceler = new pg.Client({ connectionString: fixture.database.url })
  await canceler.connect()
})
afterEach(async () => {
  registerAllTasks()
  await fixture.boss.deleteAllJobs(queue)
})
afterAll(async () => {
  await running.stopPolling()
  await canceler.end()
})

const context = () => ({ db: fixture.db, boss: fixture.boss }) as WorkerContext
const fetch = (claimedKinds: readonly string[] = [queue]) =>
  fetchJobs(context(), { queue, count: 10, claimedKinds })

async function enqueue(count: number) {
  const tasks = []
  for (let n = 0; n < count; n++) tasks.push(await fixture.enqueue())
  return tasks
}

/** Runs jobs whose handlers return together, after `meanwhile`. */
async function runTogether(jobs: readonly DeliveredJob[], meanwhile = async () => {}) {
  const started = Array.from(jobs, () => Promise.withResolvers<void>())
  const finish = Promise.withResolvers<void>()
  const runs = jobs.map((job, n) => {
    const run = async () => {
      started[n]!.resolve()
      await finish.promise
      return {}
    }
    const handler = defineHandler({ kind: inspectVideoTask, run } as never)
    return runTask({ context: context(), handler, running, job, task: job.task })
  })
  await Promise.all(started.map(({ promise }) => promise))
  await meanwhile()
  finish.resolve()
  await Promise.all(runs)
}

const readJobStates = async (jobs: readonly { id: string }[]) => {
  const rows = await fixture.db.$queryRaw<{ id: string; state: string }[]>`
    SELECT id, state::text FROM pgboss.job WHERE name = ${queue}`
  return jobs.map(({ id }) => rows.find((row) => row.id === id)?.state)
}

const readTasks = (tasks: readonly { id: string }[]) =>
  Promise.all(tasks.map(({ id }) => fixture.readTask(id)))

it('enqueues a task and its job without a transaction', async () => {
  const { db, boss, ownerId } = fixture
  const payload = { videoId: '00000000-0000-4000-8000-000000000000' }
  const task = await enqueueTask(db, boss, { kind: inspectVideoTask, payload, ownerId })
  expect(task).toEqual(await fixture.readTask(task.id))
  expect(await readJobStates([{ id: task.jobId! }])).toEqual(['created'])
  await expect(
    enqueueTask(db, boss, { kind: inspectVideoTask, payload, ownerId: 'unknown' }),
  ).rejects.toThrow()
  expect(await db.task.count({ where: { ownerId: 'unknown' } })).toBe(0)
})

it('claims the tasks of all fetched jobs in one transaction, except one that is locked', async () => {
  const tasks = await enqueue(3)
  await canceler.query('BEGIN')
  await canceler.query('SELECT 1 FROM task WHERE id = $1 FOR UPDATE', [tasks[1]!.id])
  const jobs = await fetch()
  await canceler.query('ROLLBACK')
  const jobOf = (n: number) => jobs.find(({ data }) => data.taskId === tasks[n]!.id)!
  expect(await readJobStates(jobs)).toEqual(['active', 'active', 'active'])
  expect(jobOf(1).task).toBeNull()
  const [first, locked, last] = await readTasks(tasks)
  expect(jobOf(0).task).toEqual({ ...first, ownerLocale: null })
  expect(first).toMatchObject({ state: 'in_progress', claim: 1, attempts: 1, jobId: jobOf(0).id })
  expect(first!.changedIn).toBe(last!.changedIn)
  expect(locked).toMatchObject({ state: 'queued', claim: 0 })

  await runTogether(jobs)
  expect(await fixture.readStates(tasks)).toEqual(['done', 'done', 'done'])
  expect(await fixture.db.taskAttempt.count({ where: { taskId: { in: tasks.map(({ id }) => id) } } })).toBe(3)
})

it('fetches a job again without claiming its task, and one of a kind that waits for a permit', async () => {
  const [task] = await enqueue(1)
  const [limited] = await fetch([])
  expect(limited).toMatchObject({ data: { taskId: task!.id }, retryCount: 0, task: null })
  await fixture.boss.fail(queue, limited!, new Error('interrupted'))
  await fixture.db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE id = ${limited!.id}::uuid`
  const [again] = await fetch()
  expect(again).toMatchObject({ id: limited!.id, retryCount: 1, task: null })
})

it('completes runs that end together in one transaction, except one that has lost its claim', async () => {
  const tasks = await enqueue(4)
  const jobs = await fetch()
  await runTogether(jobs, async () => {
    await fixture.db.task.update({ where: { id: tasks[2]!.id }, data: { claim: { increment: 1 } } })
  })
  const ended = await readTasks(tasks)
  expect(ended.map(({ state }) => state)).toEqual(['done', 'done', 'in_progress', 'done'])
  expect(ended[0]).toMatchObject({ progress: 1, result: {}, finishedAt: expect.any(Date) })
  const [first, second, , last] = ended.map(({ changedIn }) => changedIn)
  expect([second, last]).toEqual([first, first])
  expect(ended[2]!.result).toBeNull()
  const attempts = await fixture.db.taskAttempt.findMany({
    where: { taskId: { in: tasks.map(({ id }) => id) } },
    orderBy: { taskId: 'asc' },
  })
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'canceled', 'done'])
  const states = await readJobStates(ended.map(({ jobId }) => ({ id: jobId! })))
  expect(states).toEqual(['completed', 'completed', 'active', 'completed'])
})

it('starts the dependents of tasks that end together', async () => {
  const parents = await enqueue(2)
  const jobs = await fetch()
  const children: { id: string }[] = []
  await runTogether(jobs, async () => {
    for (const { id } of parents) children.push(await fixture.enqueue({ parentId: id }))
    expect((await readTasks(children)).map(({ jobId }) => jobId)).toEqual([null, null])
  })
  expect((await fetch()).map(({ data }) => data.taskId).toSorted()).toEqual(
    children.map(({ id }) => id).toSorted(),
  )
})

it('completes the others if the end of one task fails the transaction', async () => {
  const tasks = await enqueue(3)
  registerTasks({
    kinds,
    endListeners: [
      {
        concerns: ({ id, state }) => id === tasks[1]!.id && state === 'done',
        isBatchable: true,
        onEnd: () => Promise.reject(new Error('the listener fails')),
      },
    ],
  })
  await runTogether(await fetch())
  expect(await fixture.readStates(tasks)).toEqual(['done', 'queued', 'done'])
  expect(await fixture.readTask(tasks[1]!.id)).toMatchObject({ attempts: 1, result: null })
})
