// Over 200 lines because it covers every outcome of a run with one database.

import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PermanentError, RetryLater } from '@/lib/errors'
import * as progressMessages from '@/lib/generated/messages/machine-progress'
import * as workerMessages from '@/lib/generated/messages/worker-errors'
import type { Locale } from '@/lib/i18n/locale'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { listNotifications } from '@/lib/notifications/queries'
import { readAttempts } from '@/lib/tasks/attempts'
import { openBoss } from '@/lib/tasks/boss'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { importArchiveTask } from '@/lib/archives/tasks'
import { Prisma } from '@/lib/generated/prisma/client'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { readQueuePositions } from '@/lib/tasks/queue-positions'
import { toTaskDtos } from '@/lib/tasks/to-task-dto'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import { generateThumbnailsTask, inspectVideoTask } from '@/lib/videos/tasks'
import { createOwner, useDatabase } from '@/tests/support/database'
import { ClaimLost } from '@/worker/runtime/claim'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type TaskOutcome, type TaskRun } from '@/worker/runtime/handler'
import { runTask } from '@/worker/runtime/run-task'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { WorkerStopping } from '@/worker/runtime/shutdown'

const database = useDatabase()
let boss: PgBoss
let running: RunningTasks
let ownerId: string
const videoId = '00000000-0000-4000-8000-000000000000'

beforeAll(async () => {
  boss = openBoss({ url: database.url, supervise: false })
  await boss.start()
  running = new RunningTasks(database.db)
  ownerId = (await createOwner(database.db)).id
})
afterAll(async () => {
  await running.stopPolling()
  await boss.stop({ graceful: false })
})

const enqueue = (parentId?: string) =>
  database.db.$transaction((tx) =>
    enqueueTask(tx, boss, {
      kind: parentId ? generateThumbnailsTask : inspectVideoTask,
      payload: { videoId },
      ownerId,
      parentId,
    }),
  )
const readTask = (id: string) => database.db.task.findUniqueOrThrow({ where: { id } })
const readJobState = async (id: string) => {
  const { kind, jobId } = await readTask(id)
  return (await boss.getJobById(kind, jobId!))?.state
}

/** Delivers the next job of the queue to a handler. */
async function deliverJob(
  run: (run: TaskRun<unknown>) => Promise<TaskOutcome>,
  discard?: () => Promise<void>,
) {
  const [job] = await boss.fetch<{ taskId: string }>(inspectVideoTask.name, { includeMetadata: true })
  if (!job) throw new Error('the queue is empty')
  const handler = defineHandler({ kind: inspectVideoTask, run, discard } as never)
  const context = { db: database.db, boss } as WorkerContext
  await runTask({ context, handler, running, job: job as never })
  return job
}

describe('a task', () => {
  it('is written in one transaction with its job', async () => {
    const before = await database.db.task.count()
    const attempt = database.db.$transaction(async (tx) => {
      await enqueueTask(tx, boss, { kind: inspectVideoTask, payload: { videoId }, ownerId })
      throw new Error('the request failed')
    })
    await expect(attempt).rejects.toThrow('the request failed')
    expect(await database.db.task.count()).toBe(before)
    expect(await boss.fetch(inspectVideoTask.name)).toEqual([])
  })

  it('completes, is acknowledged and starts its dependents in one transaction', async () => {
    const task = await enqueue()
    const dependent = await enqueue(task.id)
    expect((await readTask(dependent.id)).jobId).toBeNull()
    await deliverJob(async () => ({ result: { answer: 42 } }))
    expect(await readTask(task.id)).toMatchObject({
      state: 'done',
      progress: 1,
      result: { answer: 42 },
      attempts: 1,
    })
    expect(await readJobState(task.id)).toBe('completed')
    expect(await readJobState(dependent.id)).toBe('created')
  })

  it('stores nothing of a result whose transaction failed', async () => {
    const task = await enqueue()
    await deliverJob(async () => ({
      store: async (tx) => {
        await tx.user.update({ where: { id: ownerId }, data: { name: 'partially stored' } })
        throw new Error('the disk is full')
      },
    }))
    expect((await database.db.user.findUniqueOrThrow({ where: { id: ownerId } })).name).toBe('Test')
    expect(await readTask(task.id)).toMatchObject({ state: 'queued', attempts: 1 })
    await cancelTask({ db: database.db, boss, taskId: task.id, ownerId })
  })

  it('fails at once with its dependents after a permanent error', async () => {
    const task = await enqueue()
    const dependent = await enqueue(task.id)
    await deliverJob(() =>
      Promise.reject(
        new PermanentError({ code: 'video.unreadable', message: 'Damaged.', advice: 'Send another.' }),
      ),
    )
    const error = { code: 'video.unreadable', message: 'Damaged.', advice: 'Send another.' }
    expect(await readTask(task.id)).toMatchObject({ state: 'failed', error, attempts: 1 })
    expect(await readTask(dependent.id)).toMatchObject({ state: 'failed', error })
    await retryTask({ db: database.db, boss, taskId: dependent.id, ownerId })
    expect(await readTask(task.id)).toMatchObject({ state: 'queued', error: null })
    expect(await readTask(dependent.id)).toMatchObject({ state: 'queued', error: null, jobId: null })
    await deliverJob(async () => ({}))
    expect(await readJobState(dependent.id)).toBe('created')
  })

  it('fails the attempt, not the worker, on a payload of another version', async () => {
    const task = await enqueue()
    const data = { payload: { clipId: 7 }, maxAttempts: 1 }
    await database.db.task.update({ where: { id: task.id }, data })
    await deliverJob(() => Promise.reject(new Error('the handler was called')))
    expect(await readTask(task.id)).toMatchObject({ state: 'failed', error: { code: 'task.crashed' } })
    expect(await database.db.taskAttempt.findMany({ where: { taskId: task.id } })).toMatchObject([
      { outcome: 'failed', error: { detail: expect.stringContaining('videoId') } },
    ])
    expect(await readJobState(task.id)).toBe('completed')
  })

  it.each([new WorkerStopping(), new RetryLater(0, 'not now')])(
    'returns to its queue without spending an attempt after: %s',
    async (reason) => {
      const task = await enqueue()
      await deliverJob(() => Promise.reject(reason))
      expect(await readTask(task.id)).toMatchObject({ state: 'queued', attempts: 0 })
      await deliverJob(async () => ({}))
      expect(await readTask(task.id)).toMatchObject({ state: 'done', attempts: 1 })
    },
  )

  it('stops within a second of a cancel and discards its partial results', async () => {
    const task = await enqueue()
    let discarded = 0
    let stoppedAt = 0
    const delivered = deliverJob(
      (run) =>
        new Promise((_, reject) =>
          run.signal.addEventListener('abort', () => {
            stoppedAt = Date.now()
            reject(run.signal.reason as Error)
          }),
        ),
      async () => void discarded++,
    )
    await expect.poll(async () => (await readTask(task.id)).state).toBe('in_progress')
    const canceledAt = Date.now()
    await cancelTask({ db: database.db, boss, taskId: task.id, ownerId })
    const job = await delivered
    expect(stoppedAt - canceledAt).toBeLessThan(1_000)
    expect(discarded).toBe(1)
    expect((await readTask(task.id)).state).toBe('canceled')
    expect((await boss.getJobById(job.name, job.id))?.state).toBe('completed')
  })

  it('is canceled and retried together with its siblings', async () => {
    const parent = await enqueue()
    const [one, other] = [await enqueue(parent.id), await enqueue(parent.id)]
    await deliverJob(async () => ({}))
    const act = { db: database.db, boss, taskId: one.id, ownerId }
    const states = () =>
      Promise.all([one, other].map(async ({ id }) => [(await readTask(id)).state, await readJobState(id)]))
    await cancelTask(act)
    expect(await states()).toEqual([
      ['canceled', 'cancelled'],
      ['canceled', 'cancelled'],
    ])
    await retryTask(act)
    expect(await states()).toEqual([
      ['queued', 'created'],
      ['queued', 'created'],
    ])
    await cancelTask(act)
  })

  it('waits for its running parent when retried', async () => {
    const parent = await enqueue()
    const child = await enqueue(parent.id)
    const act = { db: database.db, boss, taskId: child.id, ownerId }
    await deliverJob(async () => {
      await cancelTask(act)
      await retryTask(act)
      expect(await readTask(child.id)).toMatchObject({ state: 'queued', jobId: null })
      return {}
    })
    expect(await readTask(child.id)).toMatchObject({
      state: 'queued',
      jobId: expect.any(String),
      attempts: 0,
    })
    await cancelTask(act)
  })

  it('refuses writes of a superseded run', async () => {
    const task = await enqueue()
    let refused: unknown
    await deliverJob(async (run) => {
      await database.db.task.update({ where: { id: task.id }, data: { claim: { increment: 1 } } })
      refused = await run.write(async () => undefined).catch((error: unknown) => error)
      return { result: { late: true } }
    })
    expect(refused).toBeInstanceOf(ClaimLost)
    expect(await readTask(task.id)).toMatchObject({ state: 'in_progress', result: null })
    await cancelTask({ db: database.db, boss, taskId: task.id, ownerId })
  })

  it('refuses the statements of a run that is superseded while they wait for its task', async () => {
    const task = await enqueue()
    const rename = (name: string) =>
      Prisma.sql`UPDATE "user" SET name = ${name} FROM held WHERE id = ${ownerId} RETURNING name`
    const readName = async () => (await database.db.user.findUniqueOrThrow({ where: { id: ownerId } })).name
    let refused: unknown
    await deliverJob(async (run) => {
      await run.writeTogether(rename('Grace'))
      expect(await readName()).toBe('Grace')
      const late = await database.db.$transaction(async (tx) => {
        await tx.task.update({ where: { id: task.id }, data: { claim: { increment: 1 } } })
        const writing = run.writeTogether(rename('late')).catch((error: unknown) => error)
        const waiting = () => database.db.$queryRaw`SELECT 1 FROM pg_stat_activity
          WHERE pg_blocking_pids(pid) <> '{}' AND datname = current_database()`
        await expect.poll(waiting).toHaveLength(1)
        return { writing }
      })
      refused = await late.writing
      return {}
    })
    expect(refused).toBeInstanceOf(ClaimLost)
    expect(await readName()).toBe('Grace')
    await cancelTask({ db: database.db, boss, taskId: task.id, ownerId })
  })

  it('gets a new job when its job is lost, and fails once its workers have died too often', async () => {
    const lost = await enqueue()
    await boss.deleteJob(inspectVideoTask.name, lost.jobId!)
    await reconcileTasks({ db: database.db, boss })
    expect(await readJobState(lost.id)).toBe('created')
    await deliverJob(async () => ({}))
    const poison = await enqueue()
    await database.db.$executeRaw`UPDATE pgboss.job SET state = 'failed' WHERE id = ${poison.jobId}::uuid`
    await reconcileTasks({ db: database.db, boss })
    expect(await readTask(poison.id)).toMatchObject({ state: 'failed', error: { code: 'task.workers_died' } })
  })

  it('notifies its owner in the owner’s language that its workers have died', async () => {
    const owner = await createOwner(database.db)
    await database.db.user.update({ where: { id: owner.id }, data: { locale: 'de' } })
    const { jobId } = await database.db.$transaction((tx) =>
      enqueueTask(tx, boss, {
        kind: importArchiveTask,
        payload: { importId: videoId },
        ownerId: owner.id,
      }),
    )
    await database.db.$executeRaw`UPDATE pgboss.job SET state = 'failed' WHERE id = ${jobId}::uuid`
    await reconcileTasks({ db: database.db, boss })
    const [notification] = await database.db.notification.findMany({ where: { ownerId: owner.id } })
    expect(notification).toMatchObject({
      title: 'Der Import eines Archivs',
      detail: 'Der Worker wurde bei jeder Ausführung dieser Aufgabe beendet.',
    })
    const inEnglish = await listNotifications(database.db, { ownerId: owner.id })
    expect(inEnglish.notifications[0]!.detail).toBe('The worker stopped each time it ran this task.')
  })

  it('has its stage and its error in the language of the reader', async () => {
    await database.db.user.update({ where: { id: ownerId }, data: { locale: 'de' } })
    const task = await enqueue()
    const read = async (locale: Locale) => {
      const [dto] = await runWithLocale(locale, async () =>
        toTaskDtos(database.db, [await readTask(task.id)]),
      )
      return dto!
    }
    await deliverJob(async (run) => {
      run.report({
        stage: progressMessages.stageAndStep({ stage: progressMessages.running(), step: 'a.js' }),
      })
      await expect.poll(async () => (await readTask(run.taskId)).stage).toBeTruthy()
      expect([(await read('de')).stage, (await read('en')).stage]).toEqual(['Läuft: a.js', 'Running: a.js'])
      throw new PermanentError({
        code: 'a.b',
        message: workerMessages.programTooLong({ program: 'tar', seconds: 1200 }),
        advice: workerMessages.crashedAdvice(),
      })
    })
    expect((await read('de')).error).toEqual({
      code: 'a.b',
      message: 'tar ist fehlgeschlagen: länger als 1200 s gelaufen',
      advice: expect.stringMatching(/^Versuchen Sie es erneut\./),
    })
    const message = 'tar failed: it took longer than 1200 s'
    expect((await read('en')).error).toEqual({
      code: 'a.b',
      message,
      advice: expect.stringMatching(/^Retry\./),
    })
    const [attempt] = await readAttempts(database.db, task.id)
    expect(attempt!.error).toEqual({ code: 'a.b', message, detail: message })
    await database.db.user.update({ where: { id: ownerId }, data: { locale: null } })
  })

  it('reports its queue position and increments its version with every change', async () => {
    const tasks = [await enqueue(), await enqueue(), await enqueue()]
    const positions = await readQueuePositions(
      database.db,
      tasks.map((task) => task.id),
    )
    expect(tasks.map((task) => positions.get(task.id))).toEqual([1, 2, 3])
    const before = (await readTask(tasks[0]!.id)).version
    await deliverJob(async (run) => {
      run.report({ progress: 0.5 })
      await expect.poll(async () => (await readTask(run.taskId)).progress).toBe(0.5)
      return {}
    })
    expect((await readTask(tasks[0]!.id)).version).toBeGreaterThan(before)
    expect((await readQueuePositions(database.db, [tasks[2]!.id])).get(tasks[2]!.id)).toBe(2)
  })

  it('is not found by another user', async () => {
    const task = await enqueue()
    const otherUser = await createOwner(database.db)
    const act = { db: database.db, boss, taskId: task.id, ownerId: otherUser.id }
    await expect(cancelTask(act)).rejects.toMatchObject({ code: 'task.not_found', status: 404 })
    await expect(retryTask(act)).rejects.toMatchObject({ code: 'task.not_found', status: 404 })
  })
})
