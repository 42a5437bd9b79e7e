import { afterAll, expect, it } from 'vitest'
import type { PgBoss } from 'pg-boss'
import { runScheduleNow } from '@/lib/schedules/commands'
import { listSchedules } from '@/lib/schedules/queries'
import { scheduleQueueName, type ScheduleName, scheduleNames } from '@/lib/schedules/schedules'
import { openBoss } from '@/lib/tasks/boss'
import { pruneTaskLogs, pruneTasks } from '@/lib/tasks/retention'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import type { WorkerContext } from '@/worker/context'
import type { ScheduleHandler, ScheduleOutcome } from '@/worker/schedules/schedule-handler'
import { runSchedules } from '@/worker/schedules/run-schedules'

const fixture = useQueueFixture()
const bosses: PgBoss[] = []
afterAll(async () => {
  for (const boss of bosses) await boss.stop({ graceful: true })
})

async function startScheduler(
  name: ScheduleName,
  work: ScheduleHandler,
  storageProblem?: () => string | null,
) {
  const boss = openBoss({ url: fixture.database.url, supervise: true, schedule: true })
  bosses.push(boss)
  await boss.start()
  const idle: ScheduleHandler = async () => ({ summary: 'Nothing to do' })
  const handlers = { ...Object.fromEntries(scheduleNames.map((one) => [one, idle])), [name]: work }
  const context = { db: fixture.db, boss } as WorkerContext
  return runSchedules(context, {
    handlers: handlers as Record<ScheduleName, ScheduleHandler>,
    storageProblem,
  })
}
const readLastRun = async (name: ScheduleName) =>
  (await listSchedules({ db: fixture.db, boss: fixture.boss })).find((one) => one.name === name)!

it('runs a schedule once that is requested twice before it runs', async () => {
  const name = 'logs.remove'
  const requests = await Promise.allSettled([runScheduleNow(fixture, name), runScheduleNow(fixture, name)])
  expect(requests.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

it(
  'runs a due schedule once with several workers, and passes its outcome to administrators and the next run',
  { tags: 'full' },
  async () => {
    const name = 'uploads.expire'
    // Due since the beginning of this minute.
    await fixture.db
      .$executeRaw`UPDATE pgboss.schedule SET cron = '* * * * *' WHERE name = ${scheduleQueueName(name)}`
    const memories: unknown[] = []
    const work = async (_: WorkerContext, memory: unknown): Promise<ScheduleOutcome> => {
      memories.push(memory)
      return { summary: 'Removed 3 uploads', memory: { run: memories.length } }
    }
    const stops = await Promise.all([startScheduler(name, work), startScheduler(name, work)])
    await expect
      .poll(async () => (await readLastRun(name)).last?.summary, { timeout: 45_000 })
      .toBe('Removed 3 uploads')
    const occurrences = () => fixture.db.$queryRaw<unknown[]>`
    SELECT DISTINCT singleton_on FROM pgboss.job WHERE name = ${scheduleQueueName(name)}`
    await expect.poll(async () => memories.length - (await occurrences()).length).toBe(0)
    const { last, nextAt } = await readLastRun(name)
    expect(last!.state).toBe('completed')
    expect(Date.parse(nextAt)).toBeGreaterThan(Date.now())

    const before = memories.length
    await runScheduleNow(fixture, name)
    await expect.poll(() => memories[before], { timeout: 15_000 }).toEqual({ run: before })
    for (const stop of stops) await stop()
  },
)

it('leaves a schedule that touches files to other workers while this one has another storage', async () => {
  const name = 'files.orphans'
  const runs: string[] = []
  let problem: string | null = 'Not the storage of the other processes.'
  const record = (worker: string) => async () => {
    runs.push(worker)
    return { summary: 'Nothing to do' }
  }
  const stop = await startScheduler(name, record('foreign'), () => problem)
  await runScheduleNow(fixture, name)
  const stopOther = await startScheduler(name, record('common'))
  await expect.poll(() => runs, { timeout: 15_000 }).toEqual(['common'])
  await stopOther()
  problem = null
  await runScheduleNow(fixture, name)
  await expect.poll(() => runs, { timeout: 15_000 }).toEqual(['common', 'foreign'])
  await stop()
})

it('prunes old tasks and log lines, except those a video shows or a task depends on', async () => {
  const video = await fixture.db.video.create({
    data: {
      ownerId: fixture.ownerId,
      title: 'kept',
      filename: 'a',
      sizeBytes: 1,
      sha256: 'a',
      sourceKey: 'a',
    },
  })
  const old = new Date(Date.now() - 200 * 24 * 60 * 60 * 1000)
  const create = (more: object = {}) =>
    fixture.db.task.create({
      data: {
        ownerId: fixture.ownerId,
        kind: 'video.inspect',
        queue: 'video.inspect',
        payload: {},
        maxAttempts: 3,
        state: 'done',
        finishedAt: old,
        ...more,
      },
    })
  const gone = await create()
  const parent = await create()
  const kept = [
    parent,
    await create({ parentId: parent.id, state: 'queued', finishedAt: null }),
    await create({ videoId: video.id }),
    await create({ finishedAt: new Date() }),
    await create({ state: 'failed', cause: 'attempts' }),
  ]
  const line = (at: Date) => ({ taskId: parent.id, attempt: 1, level: 'info', message: 'a', at })
  await fixture.db.taskLogLine.createMany({ data: [line(old), line(new Date())] })
  expect(await pruneTasks({ db: fixture.db, days: 180 })).toBe(1)
  expect(await fixture.db.task.count({ where: { id: gone.id } })).toBe(0)
  expect(await fixture.db.task.count({ where: { id: { in: kept.map(({ id }) => id) } } })).toBe(kept.length)
  expect(await pruneTaskLogs({ db: fixture.db, days: 30 })).toBe(1)
  expect(await fixture.db.taskLogLine.count()).toBe(1)
})
