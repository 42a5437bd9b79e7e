import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { openBoss } from '@/lib/tasks/boss'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { enqueueTask, enqueueTasks, requeueTask } from '@/lib/tasks/enqueue'
import { readFirstQueuePositions, readQueuePositions } from '@/lib/tasks/queue-positions'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()
let boss: PgBoss
const videoId = '00000000-0000-4000-8000-000000000000'

beforeAll(async () => {
  boss = openBoss({ url: database.url, supervise: false })
  await boss.start()
})
afterAll(() => boss.stop({ graceful: false }))

const createUserId = async () => (await createOwner(database.db)).id
const enqueue = (ownerId: string, priority = 0) => {
  const kind = { ...inspectVideoTask, queue: { ...inspectVideoTask.queue, priority } }
  return database.db.$transaction((tx) => enqueueTask(tx, boss, { kind, payload: { videoId }, ownerId }))
}
const transactions = new Semaphore(10)
const enqueueMany = (ownerId: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => transactions.run('', () => enqueue(ownerId))))
const readQueuePosition = async ({ id }: { id: string }) =>
  (await readQueuePositions(database.db, [id])).get(id)

/** Runs all waiting tasks one after another, like a single slot. Returns their IDs in that order. */
async function drainQueue() {
  const started: string[] = []
  for (;;) {
    const [job] = await boss.fetch<{ taskId: string }>(inspectVideoTask.name)
    if (!job) return started
    started.push(job.data.taskId)
    await database.db.$transaction(async (tx) => {
      const data = { startedAt: new Date(), finishedAt: new Date() }
      await tx.task.update({ where: { id: job.data.taskId }, data: { ...data, state: 'in_progress' } })
      await tx.task.update({ where: { id: job.data.taskId }, data: { state: 'done' } })
    })
    await boss.complete(inspectVideoTask.name, job.id)
  }
}

it(
  'does not delay the only task of a user by many tasks of another, and executes tasks in the order of their queue positions',
  { tags: 'full' },
  async () => {
    const [ada, ben, eve] = [await createUserId(), await createUserId(), await createUserId()]
    const many = await enqueueMany(ada, 300)
    const started: string[] = []
    for (let n = 0; n < 50; n++) {
      const [job] = await boss.fetch<{ taskId: string }>(inspectVideoTask.name)
      await database.db.task.update({
        where: { id: job!.data.taskId },
        data: { state: 'in_progress', startedAt: new Date() },
      })
      started.push(job!.data.taskId)
    }
    const one = await enqueue(ben)
    const few = await enqueueMany(eve, 3)
    // Tasks that ada enqueued concurrently may share a round.
    expect(await readQueuePosition(one)).toBeLessThanOrEqual(5)
    expect(await readQueuePosition(few.at(-1)!)).toBeLessThanOrEqual(20)
    const ids = [...many, one, ...few].map(({ id }) => id).filter((id) => !started.includes(id))
    const positions = await readQueuePositions(database.db, ids)
    expect([...positions.values()].toSorted((a, b) => a - b)).toEqual(ids.map((_, n) => n + 1))
    const byPosition = ids.toSorted((a, b) => positions.get(a)! - positions.get(b)!)
    const firsts = await readFirstQueuePositions(database.db, { ownerIds: [ada, ben], limit: 10 })
    expect(
      firsts
        .get(ada)!
        .map(({ position }) => position)
        .toSorted((a, b) => a - b)[9],
    ).toBeLessThan(20)
    expect(firsts.get(ben)).toMatchObject([{ id: one.id, position: positions.get(one.id) }])
    expect(await drainQueue()).toEqual(byPosition)
  },
)

it('does not delay users by tasks they have completed', async () => {
  const [ada, ben] = [await createUserId(), await createUserId()]
  await enqueueMany(ada, 30)
  await drainQueue()
  const [first, second] = [await enqueue(ada), await enqueue(ben)]
  const [third, fourth] = [await enqueue(ada), await enqueue(ben)]
  const started = await drainQueue()
  expect(new Set(started.slice(0, 2))).toEqual(new Set([first.id, second.id]))
  expect(new Set(started.slice(2))).toEqual(new Set([third.id, fourth.id]))
})

it('counts no round for a canceled task, and appends a retried one to the queue', async () => {
  const [ada, ben] = [await createUserId(), await createUserId()]
  const before = await enqueue(ben)
  const canceled = await enqueueMany(ada, 20)
  for (const { id } of canceled) await cancelTask({ db: database.db, boss, taskId: id, ownerId: ada })
  const next = await enqueue(ada)
  expect(await readQueuePosition(next)).toBe(2)
  await retryTask({ db: database.db, boss, taskId: canceled[0]!.id, ownerId: ada })
  expect(await drainQueue()).toEqual([before.id, next.id, canceled[0]!.id])
})

it('keeps the round of an automatic retry, which has no queue position during its delay', async () => {
  const [ada, ben] = [await createUserId(), await createUserId()]
  const task = await enqueue(ada)
  const [job] = await boss.fetch<{ taskId: string }>(inspectVideoTask.name)
  expect(job!.data.taskId).toBe(task.id)
  await database.db.task.update({
    where: { id: task.id },
    data: { state: 'in_progress', startedAt: new Date() },
  })
  const others = await enqueueMany(ben, 5)
  await database.db.$transaction(async (tx) => {
    await boss.complete(inspectVideoTask.name, job!.id)
    await requeueTask(tx, boss, { taskId: task.id, afterSeconds: 60 })
  })
  expect(await readQueuePosition(task)).toBeUndefined()
  await database.db
    .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${inspectVideoTask.name} AND state = 'created'`
  expect(await readQueuePosition(task)).toBeLessThanOrEqual(2)
  expect(await drainQueue()).toHaveLength(others.length + 1)
})

it('starts a kind of higher priority before other tasks and a kind of lower priority after them', async () => {
  const [ada, ben] = [await createUserId(), await createUserId()]
  const plain = [await enqueue(ada)]
  for (let n = 0; n < 4; n++) plain.push(await enqueue(ada))
  const urgent = await enqueue(ben, 2)
  const late = await enqueue(ben, -3)
  const started = await drainQueue()
  expect(started[0]).toBe(urgent.id)
  expect(started.indexOf(late.id)).toBeGreaterThanOrEqual(4)
  expect(started).toHaveLength(plain.length + 2)
})

it('gives tasks that are enqueued together the rounds that they get one after another', async () => {
  const [ada, ben] = [await createUserId(), await createUserId()]
  const of = (ownerId: string) => ({ payload: { videoId }, ownerId })
  const enqueueAll = (...owners: string[]) =>
    enqueueTasks(database.db, boss, { kind: inspectVideoTask, tasks: owners.map(of) })
  const first = await enqueueAll(ada, ada, ada)
  const second = await enqueueAll(ben, ada, ben)
  const rounds = [...first, ...second].map(({ round }) => round! - first[0]!.round!)
  expect(rounds).toEqual([0, 1, 2, 0, 3, 1])
  const [next] = await enqueueAll(ada)
  expect(next!.round! - first[0]!.round!).toBe(4)
  const place = (n: number) => [...first, ...second, next!][n]!.id
  expect(await drainQueue()).toEqual([0, 3, 1, 5, 2, 4, 6].map(place))
})

it('gives tasks of transactions that do not see each other places beside each other', async () => {
  const owner = await createUserId()
  const tasks = [1, 2, 3].map(() => ({ payload: { videoId }, ownerId: owner }))
  const [one, other] = await database.db.$transaction(async (tx) => {
    const enqueueAll = (executor: Parameters<typeof enqueueTasks>[0]) =>
      enqueueTasks(executor, boss, { kind: inspectVideoTask, tasks })
    return [await enqueueAll(tx), await enqueueAll(database.db)]
  })
  const roundsOf = (added: readonly { round: number | null }[]) =>
    added.map(({ round }) => round! - one![0]!.round!)
  expect(roundsOf(one!)).toEqual([0, 1, 2])
  expect(roundsOf(other!)).toEqual([1, 3, 5])
  await drainQueue()
})

it('takes no rounds for tasks that wait for their parent or run in the background', async () => {
  const owner = await createUserId()
  const parent = await enqueue(owner)
  const task = { payload: { videoId }, ownerId: owner }
  const [child, sibling] = await enqueueTasks(database.db, boss, {
    kind: inspectVideoTask,
    tasks: [{ ...task, parentId: parent.id }, task],
  })
  const background = await enqueueTask(database.db, boss, {
    ...task,
    kind: inspectVideoTask,
    isBackground: true,
  })
  expect([child!.round, child!.jobId, background.round]).toEqual([null, null, null])
  expect(sibling!.round).toBe(parent.round! + 1)
  await drainQueue()
})
