import { afterAll, expect, it } from 'vitest'
import type { PgBoss } from 'pg-boss'
import { listSchedules, runScheduleNow } from '@/lib/schedules/queries'
import { queueOfSchedule, type ScheduleName, scheduleNames } from '@/lib/schedules/schedules'
import { openBoss } from '@/lib/tasks/boss'
import { removeOldLogLines, removeOldTasks } from '@/lib/tasks/retention'
import { useQueueRoom } from '@/tests/support/queue-room'
import type { WorkerContext } from '@/worker/context'
import type { ScheduleHandler, ScheduleOutcome } from '@/worker/schedules/registry'
import { runSchedules } from '@/worker/schedules/run-schedules'

const room = useQueueRoom()
const bosses: PgBoss[] = []
afterAll(async () => {
  for (const boss of bosses) await boss.stop({ graceful: true })
})

async function startScheduler(name: ScheduleName, work: ScheduleHandler) {
  const boss = openBoss({ url: room.database.url, supervise: true, schedule: true })
  bosses.push(boss)
  await boss.start()
  const idle: ScheduleHandler = async () => ({ summary: 'Nothing to do' })
  const handlers = { ...Object.fromEntries(scheduleNames.map((one) => [one, idle])), [name]: work }
  const context = { db: room.db, boss } as WorkerContext
  await runSchedules(context, handlers as Record<ScheduleName, ScheduleHandler>)
}
const lastOf = async (name: ScheduleName) =>
  (await listSchedules({ db: room.db, boss: room.boss })).find((one) => one.name === name)!

it('asked for twice before it has run, a schedule runs once', async () => {
  const name = 'logs.remove'
  const answers = await Promise.allSettled([runScheduleNow(room.boss, name), runScheduleNow(room.boss, name)])
  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

it('what is due is done once by several workers, and tells its outcome to people and to the next run', async () => {
  const name = 'uploads.expire'
  // Due since the beginning of this minute.
  await room.db
    .$executeRaw`UPDATE pgboss.schedule SET cron = '* * * * *' WHERE name = ${queueOfSchedule(name)}`
  const memories: unknown[] = []
  const work = async (_: WorkerContext, memory: unknown): Promise<ScheduleOutcome> => {
    memories.push(memory)
    return { summary: 'Removed 3 uploads', memory: { run: memories.length } }
  }
  await Promise.all([startScheduler(name, work), startScheduler(name, work)])
  await expect
    .poll(async () => (await lastOf(name)).last?.summary, { timeout: 45_000 })
    .toBe('Removed 3 uploads')
  const occurrences = () => room.db.$queryRaw<unknown[]>`
    SELECT DISTINCT singleton_on FROM pgboss.job WHERE name = ${queueOfSchedule(name)}`
  await expect.poll(async () => memories.length - (await occurrences()).length).toBe(0)
  const { last, nextAt } = await lastOf(name)
  expect(last!.state).toBe('completed')
  expect(Date.parse(nextAt)).toBeGreaterThan(Date.now())

  const before = memories.length
  await runScheduleNow(room.boss, name)
  await expect.poll(() => memories[before], { timeout: 15_000 }).toEqual({ run: before })
})

it('old tasks and log lines go, but not what a video still shows or something waits for', async () => {
  const video = await room.db.video.create({
    data: { ownerId: room.ownerId, title: 'kept', filename: 'a', sizeBytes: 1, sha256: 'a', sourceKey: 'a' },
  })
  const old = new Date(Date.now() - 200 * 24 * 60 * 60 * 1000)
  const create = (more: object = {}) =>
    room.db.task.create({
      data: {
        ownerId: room.ownerId,
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
  await room.db.taskLogLine.createMany({ data: [line(old), line(new Date())] })
  expect(await removeOldTasks({ db: room.db, days: 180 })).toBe(1)
  expect(await room.db.task.count({ where: { id: gone.id } })).toBe(0)
  expect(await room.db.task.count({ where: { id: { in: kept.map(({ id }) => id) } } })).toBe(kept.length)
  expect(await removeOldLogLines({ db: room.db, days: 30 })).toBe(1)
  expect(await room.db.taskLogLine.count()).toBe(1)
})
