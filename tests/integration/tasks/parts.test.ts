// Over 200 lines because it covers everything that treats a task with parts as one, with one pair of handlers.

import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { PermanentError } from '@/lib/errors'
import { pauseQueue, readPausedQueues, resumeQueue } from '@/lib/queues/pause'
import { searchTasks } from '@/lib/queues/search'
import { openBoss } from '@/lib/tasks/boss'
import { readAttempts } from '@/lib/tasks/attempts'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { isDeadLetter } from '@/lib/tasks/dead-letter'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { getTask, listTasks } from '@/lib/tasks/queries'
import { readFirstQueuePositions, readQueuePositions } from '@/lib/tasks/queue-positions'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import type { TaskKind } from '@/lib/tasks/task-kind'
import {
  copyStreamsTask,
  generateThumbnailsTask,
  transcodeChunkTask,
  transcodeStartTask,
  transcodeVideoTask,
} from '@/lib/videos/tasks'
import { createOwner, useDatabase } from '@/tests/support/database'
import { listExportDocuments } from '@/worker/accounts/export-documents'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type PartsOutcome, type TaskOutcome, type TaskRun } from '@/worker/runtime/handler'
import { runTask } from '@/worker/runtime/run-task'
import { takeOverSlowPart } from '@/worker/runtime/take-over'
import { RunningTasks } from '@/worker/runtime/running-tasks'

const database = useDatabase()
const payload = { videoId: '00000000-0000-4000-8000-000000000000' }
let boss: PgBoss
let running: RunningTasks
let ownerId: string

beforeAll(async () => {
  boss = openBoss({ url: database.url, supervise: false })
  await boss.start()
  running = new RunningTasks(database.db)
})
beforeEach(async () => {
  await database.db.task.deleteMany()
  for (const { name } of [transcodeVideoTask, copyStreamsTask]) await boss.deleteAllJobs(name)
  ownerId = (await createOwner(database.db)).id
})
afterAll(async () => {
  await running.stopPolling()
  await boss.stop({ graceful: false })
})

const readTask = (id: string) => database.db.task.findUniqueOrThrow({ where: { id } })
const listParts = (partOfId: string) =>
  database.db.task.findMany({ where: { partOfId }, orderBy: { id: 'asc' } })
const readPartStates = async (id: string) => (await listParts(id)).map(({ state }) => state)

type Run = (run: TaskRun<unknown>) => Promise<TaskOutcome | PartsOutcome>

/** Delivers the next job of a kind. Returns whether it was discarded rather than run. */
async function deliver(kind: TaskKind, run: Run = async () => ({})) {
  const [job] = await boss.fetch<{ taskId: string }>(kind.name, { includeMetadata: true })
  if (!job) throw new Error('the queue is empty')
  let isDiscarded = false
  let failure: unknown
  const discard = async () => void (isDiscarded = true)
  const runOnce: Run = (options) =>
    run(options).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'AssertionError') failure = error
      throw error
    })
  const handler = defineHandler({ kind, run: runOnce, discard } as never)
  await runTask({ context: { db: database.db, boss } as WorkerContext, handler, running, job: job as never })
  if (failure) throw failure
  return isDiscarded
}

/** Creates a task that waits for three parts of the weights 1, 1 and 2, and another task that waits for it. */
async function createWhole() {
  const [whole, dependent] = await database.db.$transaction(async (tx) => {
    const first = await enqueueTask(tx, boss, { kind: transcodeVideoTask, payload, ownerId })
    const options = { kind: generateThumbnailsTask, payload, ownerId, parentId: first.id }
    return [first, await enqueueTask(tx, boss, options)]
  })
  await deliver(transcodeVideoTask, planParts)
  return { id: whole.id, dependentId: dependent.id }
}
const planParts: Run = async () => ({
  parts: [1, 1, 2].map((weight) => ({ kind: copyStreamsTask, payload, weight })),
  totalWeight: 4,
})

it('a task with parts is in progress once one runs, reports their progress, and completes after the last', async () => {
  const { id, dependentId } = await createWhole()
  expect(await readTask(id)).toMatchObject({ state: 'queued', jobId: null, attempts: 0 })
  expect((await readQueuePositions(database.db, [id])).get(id)).toBe(1)
  const positions = await readFirstQueuePositions(database.db, { ownerIds: [ownerId], limit: 9 })
  expect(positions.get(ownerId)).toMatchObject([{ id, position: 1 }])

  const listAttempts = async () =>
    (await readAttempts(database.db, id)).map(({ attempt, outcome }) => [attempt, outcome])
  await deliver(copyStreamsTask, async ({ report }) => {
    expect(await listAttempts()).toEqual([[1, null]])
    expect(await readTask(id)).toMatchObject({ state: 'in_progress', progress: 0 })
    report({ progress: 0.5, stage: 'Working', detail: { speed: 2 } })
    await expect
      .poll(() => readTask(id))
      .toMatchObject({ progress: 0.125, stage: 'Working', detail: { speed: 2 } })
    return {}
  })
  await deliver(copyStreamsTask)
  await reconcileTasks({ db: database.db, boss })
  expect(await readTask(id)).toMatchObject({ state: 'in_progress', jobId: null })
  await deliver(copyStreamsTask)
  await deliver(transcodeVideoTask, async () => ({ result: { parts: 3 } }))
  expect(await readTask(id)).toMatchObject({ state: 'done', attempts: 1, progress: 1, result: { parts: 3 } })
  expect(await listAttempts()).toEqual([[1, 'done']])
  expect((await readTask(dependentId)).jobId).not.toBeNull()
})

it('the speed of a task follows those of its parts gradually, ignores parts that start, and is unknown while none runs', async () => {
  const { id } = await createWhole()
  const { db } = database
  await deliver(copyStreamsTask, async ({ report }) => {
    report({ progress: 0.25 })
    const readProgress = async () => {
      const { progress, detail } = await readTask(id)
      return { progress, detail }
    }
    await expect.poll(readProgress).toEqual({ progress: 0.0625, detail: {} })
    report({ progress: 0.5, detail: { speed: 2 } })
    await expect.poll(() => readTask(id)).toMatchObject({ progress: 0.125, detail: { speed: 2 } })
    return {}
  })
  await deliver(copyStreamsTask, async ({ report }) => {
    report({ progress: 0.25 })
    await expect.poll(() => readTask(id)).toMatchObject({ progress: 0.3125, detail: { speed: 2 } })
    report({ progress: 0.5, detail: { speed: 4 } })
    await expect.poll(() => readTask(id)).toMatchObject({ progress: 0.375, detail: { speed: 2.5 } })
    return {}
  })
  await reconcileTasks({ db, boss })
  expect(await readTask(id)).toMatchObject({ detail: { speed: 2.5 } })
  await db.$executeRaw`UPDATE task_attempt SET "endedAt" = "endedAt" - interval '4 s' WHERE "endedAt" IS NOT NULL`
  await reconcileTasks({ db, boss })
  const { state, progress, detail } = await readTask(id)
  expect({ state, progress, detail }).toEqual({ state: 'in_progress', progress: 0.375, detail: {} })
})

it('a part that fails permanently fails its task and cancels the other parts; only the task is a dead letter', async () => {
  const { id, dependentId } = await createWhole()
  await deliver(copyStreamsTask)
  await deliver(copyStreamsTask, async () => {
    throw new PermanentError({ code: 'video.unreadable', message: 'Damaged.' })
  })
  expect(await readPartStates(id)).toEqual(['done', 'failed', 'canceled'])
  const whole = await readTask(id)
  expect(whole).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'video.unreadable' } })
  expect([whole, ...(await listParts(id))].filter(isDeadLetter)).toEqual([whole])
  expect((await readAttempts(database.db, id)).map(({ outcome }) => outcome)).toEqual(['failed', 'failed'])
  expect((await readTask(dependentId)).state).toBe('failed')
  expect(await boss.fetch(copyStreamsTask.name)).toEqual([])
  await retryTask({ db: database.db, boss, taskId: id, ownerId })
  expect(await readTask(id)).toMatchObject({ state: 'queued', jobId: expect.any(String), weight: null })
})

it('canceling a part cancels its task with all parts, after which a worker cleans up', async () => {
  const { id } = await createWhole()
  const [, , last] = await listParts(id)
  await deliver(copyStreamsTask, async ({ write }) => {
    await cancelTask({ db: database.db, boss, taskId: last!.id, ownerId })
    return write(async () => ({}))
  })
  expect((await readTask(id)).state).toBe('canceled')
  expect(await readPartStates(id)).toEqual(['canceled', 'canceled', 'canceled'])
  expect(await boss.fetch(copyStreamsTask.name)).toEqual([])
  expect(await deliver(transcodeVideoTask)).toBe(true)
})

it('resumes a task whose parts have all vanished', async () => {
  const { id } = await createWhole()
  await database.db.task.deleteMany({ where: { partOfId: id } })
  await reconcileTasks({ db: database.db, boss })
  expect((await readTask(id)).jobId).not.toBeNull()
})

it('lists, searches and exports contain a task without its parts', async () => {
  const { id } = await createWhole()
  const { db } = database
  const partIds = (await listParts(id)).map((part) => part.id)
  expect((await listTasks(db, { ownerId })).tasks.map((task) => task.id)).toContain(id)
  expect((await listTasks(db, { ownerId })).tasks).toHaveLength(2)
  const search = (text: string) => searchTasks(db, { search: text, kind: '', state: '' })
  expect(await search('')).toHaveLength(2)
  expect((await search(id)).map((task) => task.id)).toEqual(expect.arrayContaining([id, ...partIds]))
  const [, documents] = listExportDocuments(db, ownerId).find(([name]) => name === 'tasks.json')!
  const exported: object[] = []
  for await (const row of documents) exported.push(row)
  expect(exported).toHaveLength(2)
})

it('has a worker once its parts exist only if one takes those', async () => {
  const { id } = await createWhole()
  const hasWorker = async () => (await getTask(database.db, { id, ownerId })).hasWorker
  const record = (queues: string[]) =>
    database.db.$executeRaw`
      INSERT INTO worker_beat (id, "seenAt", queues) VALUES ('w', now(), ${queues})
      ON CONFLICT (id) DO UPDATE SET queues = excluded.queues`
  await record([transcodeVideoTask.name, copyStreamsTask.name])
  expect(await hasWorker()).toBe(false)
  await record([transcodeStartTask.name, transcodeChunkTask.name, copyStreamsTask.name])
  expect(await hasWorker()).toBe(true)
})

it('a pause of a queue holds the parts of its tasks', async () => {
  const queue = transcodeVideoTask.name
  await pauseQueue(database.db, { queue, by: 'ada@example.com' })
  expect([...(await readPausedQueues(database.db))].toSorted()).toEqual([
    'video.transcode',
    'video.transcode-chunk',
    'video.transcode-start',
    'video.transcode-streams',
  ])
  await resumeQueue(database.db, { queue: transcodeChunkTask.name })
  expect(await readPausedQueues(database.db)).not.toContain(transcodeChunkTask.name)
  await resumeQueue(database.db, { queue })
  expect(await readPausedQueues(database.db)).toEqual(new Set())
})

it('an idle worker takes over a part that another one has run for much longer than others took, once nothing waits', async () => {
  const { id } = await createWhole()
  const { db } = database
  const queue = copyStreamsTask.name
  await deliver(copyStreamsTask)
  await deliver(copyStreamsTask, async ({ taskId, report, signal, write }) => {
    const attempt = { taskId, endedAt: null }
    const runFor = (seconds: number, workerId = 'slow') =>
      db.taskAttempt.updateMany({
        where: attempt,
        data: { workerId, startedAt: new Date(Date.now() - seconds * 1000) },
      })
    const isTakenOver = async () => {
      await takeOverSlowPart({ db, boss }, queue)
      return (await readTask(taskId)).state === 'queued'
    }
    await runFor(60)
    // Another part waits.
    expect(await isTakenOver()).toBe(false)
    await deliver(copyStreamsTask)
    // Eight seconds for a weight of 1.
    await db.$executeRaw`
      UPDATE task_attempt SET "endedAt" = task_attempt."startedAt" + 8 * weight * interval '1 second'
      FROM task WHERE task.id = "taskId" AND "partOfId" = ${id}::uuid AND outcome = 'done'`
    await runFor(20)
    expect(await isTakenOver()).toBe(false)
    // Nearly done.
    report({ progress: 0.999 })
    await expect.poll(async () => (await readTask(taskId)).progress).toBe(0.999)
    await runFor(31)
    expect(await isTakenOver()).toBe(false)
    await runFor(50)
    expect(await isTakenOver()).toBe(true)
    expect(await readTask(taskId)).toMatchObject({ attempts: 0, progress: 0.999 })
    await expect.poll(() => signal.aborted).toBe(true)
    await write(async () => ({}))
    return {}
  })
  expect(await readPartStates(id)).toEqual(['done', 'queued', 'done'])
  expect((await readTask(id)).jobId).toBeNull()
  await deliver(copyStreamsTask)
  const [, part] = await listParts(id)
  const outcomes = await db.taskAttempt.findMany({ where: { taskId: part!.id }, orderBy: { claim: 'asc' } })
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['handed_over', 'done'])
  expect((await readTask(id)).jobId).not.toBeNull()
})

it('a worker does not take over its own part, nor one that was taken over twice', async () => {
  const { id } = await createWhole()
  const { db } = database
  await deliver(copyStreamsTask)
  await deliver(copyStreamsTask)
  await deliver(copyStreamsTask, async ({ taskId }) => {
    const startedAt = new Date(Date.now() - 600_000)
    const state = async () => (await readTask(taskId)).state
    await db.taskAttempt.updateMany({ where: { taskId }, data: { startedAt } })
    await takeOverSlowPart({ db, boss }, copyStreamsTask.name)
    expect(await state()).toBe('in_progress')
    await db.taskAttempt.updateMany({ where: { taskId }, data: { workerId: 'slow' } })
    const more = {
      taskId,
      attempt: 1,
      queue: copyStreamsTask.name,
      workerId: 'slow',
      waitSeconds: 0,
      startedAt,
    }
    const handedOver = { ...more, endedAt: startedAt, outcome: 'handed_over' }
    await db.taskAttempt.createMany({ data: [-1, -2].map((claim) => ({ ...handedOver, claim })) })
    await takeOverSlowPart({ db, boss }, copyStreamsTask.name)
    expect(await state()).toBe('in_progress')
    return {}
  })
  expect(await readPartStates(id)).toEqual(['done', 'done', 'done'])
})
