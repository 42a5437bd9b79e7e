import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { pauseQueue, resumeQueue } from '@/lib/queues/pause'
import { Prisma } from '@/lib/generated/prisma/client'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { createForecaster } from '@/lib/tasks/forecast/update-forecasts'
import { getTask } from '@/lib/tasks/queries'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { createOwner, useDatabase } from '@/tests/support/database'

const queue = inspectVideoTask.name
const SLOTS = inspectVideoTask.queue.concurrency
const database = useDatabase()
let boss: PgBoss
let ownerId: string

beforeAll(async () => {
  boss = openBoss({ url: database.url, supervise: false })
  await boss.start()
  ownerId = (await createOwner(database.db)).id
})
beforeEach(async () => {
  const { db } = database
  await db.task.deleteMany()
  await db.runSample.deleteMany()
  await db.taskForecast.deleteMany()
  await boss.deleteAllJobs(queue)
  await db.$executeRaw`
    INSERT INTO worker_beat (id, "seenAt", queues, cpus) VALUES ('w', now(), ${[queue]}, 8)
    ON CONFLICT (id) DO UPDATE SET "seenAt" = now()`
})
afterAll(() => boss.stop({ graceful: false }))

/** Enqueues the inspection of a file, whose size for forecasts is 20 MB more. */
async function enqueueInspection(megabytes = 80) {
  const id = randomUUID()
  const file = { title: 'clip', filename: 'clip.mkv', sha256: id, sourceKey: id }
  await database.db.video.create({ data: { id, ownerId, sizeBytes: megabytes * 1e6, ...file } })
  return database.db.$transaction((tx) =>
    enqueueTask(tx, boss, { kind: inspectVideoTask, payload: { videoId: id }, ownerId, subjectId: id }),
  )
}

/** Records a run of a task that began `secondsAgo`, and its end if it took `seconds`. */
async function recordRun(taskId: string, { secondsAgo, seconds }: { secondsAgo: number; seconds?: number }) {
  const { db } = database
  await db.$executeRaw`
    INSERT INTO task_attempt ("taskId", claim, attempt, queue, "workerId", "waitSeconds", "startedAt", "endedAt", outcome)
    SELECT ${taskId}::uuid, 1, 1, ${queue}, 'w', 0, at, at + ${seconds ?? null}::float * interval '1 s',
      ${seconds === undefined ? null : 'done'}
    FROM (SELECT clock_timestamp()::timestamp - ${secondsAgo}::float * interval '1 s' AS at) started`
  const state = seconds === undefined ? 'in_progress' : 'done'
  await db.$executeRaw`UPDATE task SET state = ${state}::"TaskState", claim = 1 WHERE id = ${taskId}::uuid`
}

/** Records finished inspections of 80 MB that took 100 s. */
async function recordHistory() {
  for (let n = 0; n < 3; n++) {
    const { id } = await enqueueInspection()
    await recordRun(id, { secondsAgo: 300 * (n + 1), seconds: 100 })
  }
}

const update = () => createForecaster(database.db)()
const read = (id: string) => getTask(database.db, { id, ownerId })

it('estimates nothing before anything is known', async () => {
  const { id } = await enqueueInspection()
  await update()
  expect(await read(id)).toMatchObject({ etaSeconds: null, etaRangeSeconds: null, startsInSeconds: null })
})

it('estimates waiting tasks from the runs before, their sizes and their places in the queue', async () => {
  await recordHistory()
  const running = await enqueueInspection()
  await recordRun(running.id, { secondsAgo: 40 })
  const tasks = []
  for (let n = 0; n < SLOTS; n++) tasks.push(await enqueueInspection())
  const large = await enqueueInspection(180)
  await update()
  // Within 5 s, for a busy computer.
  const about = (seconds: number) => expect.closeTo(seconds, -1)
  expect(await read(running.id)).toMatchObject({ etaSeconds: about(60), startsInSeconds: null })
  expect(await read(tasks[0]!.id)).toMatchObject({ etaSeconds: about(100) })
  expect(await read(tasks[1]!.id)).toMatchObject({ startsInSeconds: about(60), etaSeconds: about(160) })
  const last = await read(large.id)
  expect(last).toMatchObject({ startsInSeconds: about(100), etaSeconds: about(300) })
  expect(last.etaRangeSeconds!.low).toBeLessThanOrEqual(last.etaSeconds!)
  expect(last.etaRangeSeconds!.high).toBeGreaterThanOrEqual(last.etaSeconds!)
})

it('learns from each run once, and not from those that ended otherwise', async () => {
  await recordHistory()
  const failed = await enqueueInspection()
  await recordRun(failed.id, { secondsAgo: 60, seconds: 55 })
  await database.db.taskAttempt.updateMany({ where: { taskId: failed.id }, data: { outcome: 'retry' } })
  const forecast = createForecaster(database.db)
  await forecast()
  await enqueueInspection()
  await forecast()
  const samples = await database.db.runSample.findMany()
  expect(samples.map(({ size, seconds }) => [size, Math.round(seconds)])).toEqual(
    Array.from({ length: 3 }, () => [100, 100]),
  )
})

it('estimates no task of a paused queue, nor one that no worker takes', async () => {
  await recordHistory()
  const { id } = await enqueueInspection()
  await pauseQueue(database.db, { queue, by: 'ada@example.com' })
  await update()
  expect((await read(id)).etaSeconds).toBeNull()
  await resumeQueue(database.db, { queue })
  await database.db.$executeRaw`UPDATE worker_beat SET "seenAt" = now() - interval '1 minute'`
  await update()
  expect((await read(id)).etaSeconds).toBeNull()
})

it('publishes no forecast that is not updated, as when all workers have stopped', async () => {
  await recordHistory()
  const { id } = await enqueueInspection()
  await update()
  expect((await read(id)).etaSeconds).not.toBeNull()
  await database.db.$executeRaw`UPDATE task_forecast SET "computedAt" = now() - interval '11 s'`
  expect((await read(id)).etaSeconds).toBeNull()
})

it('removes the forecasts of tasks that have ended', async () => {
  await recordHistory()
  const { id } = await enqueueInspection()
  await update()
  await recordRun(id, { secondsAgo: 1, seconds: 1 })
  await database.db.$executeRaw`UPDATE task_forecast SET "computedAt" = now() - interval '2 s'`
  await update()
  expect(await database.db.taskForecast.count()).toBe(0)
})

it('forecasts the first 200 tasks of a user, so that messages stay small, and many tasks less often', async () => {
  const { db } = database
  await recordHistory()
  const { id } = await enqueueInspection()
  const names = await db.$queryRaw<{ column_name: string }[]>`
    SELECT column_name FROM information_schema.columns
    WHERE table_name = 'task' AND column_name NOT IN ('id', 'changedIn') AND is_generated = 'NEVER'`
  const columns = Prisma.raw(names.map(({ column_name }) => `"${column_name}"`).join(', '))
  await db.$executeRaw`
    INSERT INTO task (id, ${columns}) SELECT gen_random_uuid(), ${columns}
    FROM task, generate_series(1, 1500) WHERE id = ${id}::uuid`
  await update()
  expect(await db.taskForecast.count()).toBe(200)
  const computedAt = async () => (await db.taskForecast.findFirstOrThrow()).computedAt
  const first = await computedAt()
  await db.$executeRaw`UPDATE task_forecast SET "computedAt" = "computedAt" - interval '1 s'`
  await update()
  expect(await computedAt()).toEqual(new Date(first.getTime() - 1_000))
  await db.$executeRaw`UPDATE task_forecast SET "computedAt" = "computedAt" - interval '2 s'`
  await update()
  expect((await computedAt()).getTime()).toBeGreaterThan(first.getTime())
})
