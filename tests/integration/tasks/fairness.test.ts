import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBoss } from '@/lib/tasks/boss'
import { cancelTask, retryTask } from '@/lib/tasks/control'
import { enqueueTask, requeueTask } from '@/lib/tasks/enqueue'
import { firstPlaces, placesInLine } from '@/lib/tasks/places'
import { inspectVideo } from '@/lib/videos/kinds'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()
let boss: PgBoss
const videoId = '00000000-0000-4000-8000-000000000000'

beforeAll(async () => {
  boss = openBoss({ url: database.url, supervise: false })
  await boss.start()
})
afterAll(() => boss.stop({ graceful: false }))

const person = async () => (await createOwner(database.db)).id
const ask = (ownerId: string, priority = 0) => {
  const kind = { ...inspectVideo, queue: { ...inspectVideo.queue, priority } }
  return database.db.$transaction((tx) => enqueueTask(tx, boss, { kind, payload: { videoId }, ownerId }))
}
const askMany = (ownerId: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => ask(ownerId)))
const placeOf = async ({ id }: { id: string }) => (await placesInLine(database.db, [id])).get(id)

/** Takes everything in line as a single slot does, one after the other; ids of the tasks in that order. */
async function drain() {
  const taken: string[] = []
  for (;;) {
    const [job] = await boss.fetch<{ taskId: string }>(inspectVideo.name)
    if (!job) return taken
    taken.push(job.data.taskId)
    await database.db.$transaction(async (tx) => {
      const data = { startedAt: new Date(), finishedAt: new Date() }
      await tx.task.update({ where: { id: job.data.taskId }, data: { ...data, state: 'in_progress' } })
      await tx.task.update({ where: { id: job.data.taskId }, data: { state: 'done' } })
    })
    await boss.complete(inspectVideo.name, job.id)
  }
}

it('many tasks of one person do not hold up the one of another, and the places told are the order taken', async () => {
  const [ada, ben, eve] = [await person(), await person(), await person()]
  const many = await askMany(ada, 300)
  const taken: string[] = []
  for (let n = 0; n < 50; n++) {
    const [job] = await boss.fetch<{ taskId: string }>(inspectVideo.name)
    await database.db.task.update({
      where: { id: job!.data.taskId },
      data: { state: 'in_progress', startedAt: new Date() },
    })
    taken.push(job!.data.taskId)
  }
  const one = await ask(ben)
  const few = await askMany(eve, 3)
  // Those that ada asked for at the same moment may share a round, no more.
  expect(await placeOf(one)).toBeLessThanOrEqual(5)
  expect(await placeOf(few.at(-1)!)).toBeLessThanOrEqual(20)
  const ids = [...many, one, ...few].map(({ id }) => id).filter((id) => !taken.includes(id))
  const places = await placesInLine(database.db, ids)
  expect([...places.values()].toSorted((a, b) => a - b)).toEqual(ids.map((_, n) => n + 1))
  const told = ids.toSorted((a, b) => places.get(a)! - places.get(b)!)
  const firsts = await firstPlaces(database.db, { ownerIds: [ada, ben], limit: 10 })
  expect([...firsts.get(ada)!.values()].toSorted((a, b) => a - b)[9]).toBeLessThan(20)
  expect(firsts.get(ben)).toEqual(new Map([[one.id, places.get(one.id)]]))
  expect(await drain()).toEqual(told)
})

it('who had many turns before does not wait for them, nor do others', async () => {
  const [ada, ben] = [await person(), await person()]
  await askMany(ada, 30)
  await drain()
  const [first, second] = [await ask(ada), await ask(ben)]
  const [third, fourth] = [await ask(ada), await ask(ben)]
  const taken = await drain()
  expect(new Set(taken.slice(0, 2))).toEqual(new Set([first.id, second.id]))
  expect(new Set(taken.slice(2))).toEqual(new Set([third.id, fourth.id]))
})

it('what was canceled has used no turn, and what is asked for again stands in line anew', async () => {
  const [ada, ben] = [await person(), await person()]
  const before = await ask(ben)
  const canceled = await askMany(ada, 20)
  for (const { id } of canceled) await cancelTask({ db: database.db, boss, taskId: id, ownerId: ada })
  const wanted = await ask(ada)
  expect(await placeOf(wanted)).toBe(2)
  await retryTask({ db: database.db, boss, taskId: canceled[0]!.id, ownerId: ada })
  expect(await drain()).toEqual([before.id, wanted.id, canceled[0]!.id])
})

it('an automatic retry keeps its round; while it waits for it, it has no place', async () => {
  const [ada, ben] = [await person(), await person()]
  const task = await ask(ada)
  const [job] = await boss.fetch<{ taskId: string }>(inspectVideo.name)
  expect(job!.data.taskId).toBe(task.id)
  await database.db.task.update({
    where: { id: task.id },
    data: { state: 'in_progress', startedAt: new Date() },
  })
  const others = await askMany(ben, 5)
  await database.db.$transaction(async (tx) => {
    await boss.complete(inspectVideo.name, job!.id)
    await requeueTask(tx, boss, { task, afterSeconds: 60 })
  })
  expect(await placeOf(task)).toBeUndefined()
  await database.db
    .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${inspectVideo.name} AND state = 'created'`
  expect(await placeOf(task)).toBeLessThanOrEqual(2)
  expect(await drain()).toHaveLength(others.length + 1)
})

it('a kind with a head start goes before as many tasks of everybody', async () => {
  const [ada, ben] = [await person(), await person()]
  const plain = [await ask(ada)]
  for (let n = 0; n < 4; n++) plain.push(await ask(ada))
  const urgent = await ask(ben, 2)
  const late = await ask(ben, -3)
  const taken = await drain()
  expect(taken[0]).toBe(urgent.id)
  expect(taken.indexOf(late.id)).toBeGreaterThanOrEqual(4)
  expect(taken).toHaveLength(plain.length + 2)
})
