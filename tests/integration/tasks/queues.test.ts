import { expect, it } from 'vitest'
import { PermanentError } from '@/lib/errors'
import { discardDeadLetters, listDeadLetterGroups, listDeadLetters } from '@/lib/queues/dead-letters'
import { pauseQueue, resumeQueue } from '@/lib/queues/pause'
import { followRedrives, startRedrive } from '@/lib/queues/redrive'
import { readAttempts } from '@/lib/tasks/attempts'
import { retryTask } from '@/lib/tasks/control'
import { markSeen } from '@/lib/tasks/seen'
import { inspectVideo } from '@/lib/videos/kinds'
import { useQueueRoom } from '@/tests/support/queue-room'

const room = useQueueRoom()
const queue = inspectVideo.name
const isDone = (task: { id: string }) => expect.poll(async () => (await room.read(task.id)).state)

type Worker = Awaited<ReturnType<typeof room.startWorker>>

/** Each of them has looked at the database `times` more. */
async function haveLooked(workers: readonly Worker[], times: number) {
  const before = workers.map((worker) => worker.looks())
  const isOver = () => workers.every((worker, n) => worker.looks() >= before[n]! + times)
  await expect.poll(isOver, { timeout: 10_000 }).toBe(true)
}

it('a paused queue starts nothing in any worker, what runs goes on, and resuming goes on with the rest', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const hold = async () => (await held, {})
  const workers = [
    await room.startWorker(hold, { concurrency: 1 }),
    await room.startWorker(hold, { concurrency: 1 }),
  ]
  const first = await room.ask()
  await expect.poll(async () => (await room.read(first.id)).state).toBe('in_progress')
  await pauseQueue(room.db, { queue, by: 'test' })
  await haveLooked(workers, 2)
  const second = await room.ask()
  release()
  await isDone(first).toBe('done')
  const third = await room.startWorker(hold)
  // Longer than a slot waits before it looks for a job by itself.
  await haveLooked([...workers, third], 5)
  expect((await room.read(second.id)).state).toBe('queued')
  await resumeQueue(room.db, { queue })
  await isDone(second).toBe('done')
  for (const { end } of [...workers, third]) await end()
})

it('several workers together start no more tasks a second than a queue allows', async () => {
  const starts: number[] = []
  const note = async () => (starts.push(performance.now()), {})
  const limit = { concurrency: 3, startsPerSecond: 10 }
  const workers = [await room.startWorker(note, limit), await room.startWorker(note, limit)]
  const tasks = await Promise.all(Array.from({ length: 20 }, () => room.ask()))
  await expect.poll(() => starts.length, { timeout: 10_000 }).toBe(tasks.length)
  const seconds = (starts.at(-1)! - starts[0]!) / 1000
  expect(tasks.length / seconds).toBeLessThan(13)
  expect(tasks.length / seconds).toBeGreaterThan(5)
  for (const { end } of workers) await end()
})

it('dead letters keep every error, and are redriven by cause: one as a trial, then the rest, or not', async () => {
  let problem: string | null = 'cannot reach 10.0.0.1'
  const worker = await room.startWorker(
    async ({ taskId }) => {
      if (problem) throw new Error(`${problem} for ${taskId}`)
      return {}
    },
    { concurrency: 4, retryDelaySeconds: 1, retryDelayMaxSeconds: 1 },
  )
  const tasks = await Promise.all(Array.from({ length: 4 }, () => room.ask()))
  await room.db.task.updateMany({
    where: { id: { in: tasks.map(({ id }) => id) } },
    data: { maxAttempts: 2 },
  })
  await expect
    .poll(() => room.states(tasks), { timeout: 30_000 })
    .toEqual(['failed', 'failed', 'failed', 'failed'])

  const [group, ...others] = await listDeadLetterGroups(room.db)
  expect(others).toEqual([])
  expect(group).toMatchObject({ kind: queue, code: 'task.crashed', count: 4, people: 1, inRedrive: 0 })
  const { kind, code, cause } = group!
  const letters = await listDeadLetters(room.db, { kind, code, cause })
  expect(letters[0]).toMatchObject({ payload: tasks[0]!.payload, attempts: 2 })
  expect(await readAttempts(room.db, tasks[0]!.id)).toMatchObject([
    { attempt: 1, outcome: 'retry', error: { detail: `cannot reach 10.0.0.1 for ${tasks[0]!.id}` } },
    { attempt: 2, outcome: 'failed', error: { detail: `cannot reach 10.0.0.1 for ${tasks[0]!.id}` } },
  ])

  const which = { kind, code, cause }
  const redrive = (isTrial: boolean) => startRedrive(room, { which, isTrial, byId: room.ownerId })
  // It still fails: only the trial was tried.
  const stopped = await redrive(true)
  const stateOf = async (id: string) => (await room.db.redrive.findUniqueOrThrow({ where: { id } })).state
  await expect.poll(() => stateOf(stopped.id), { timeout: 20_000 }).toBe('stopped')
  await followRedrives(room)
  const histories = await Promise.all(tasks.map(async ({ id }) => (await readAttempts(room.db, id)).length))
  expect(histories.toSorted((a, b) => a - b)).toEqual([2, 2, 2, 4])
  expect(await room.states(tasks)).toEqual(['failed', 'failed', 'failed', 'failed'])

  problem = null
  const followed = await redrive(true)
  await expect.poll(() => stateOf(followed.id), { timeout: 10_000 }).toBe('following')
  await expect
    .poll(async () => (await followRedrives(room), stateOf(followed.id)), { timeout: 10_000 })
    .toBe('done')
  await expect.poll(() => room.states(tasks), { timeout: 10_000 }).toEqual(['done', 'done', 'done', 'done'])
  expect(await listDeadLetterGroups(room.db)).toEqual([])
  await worker.end()
})

it('a discarded dead letter is gone from the list and keeps its reason', async () => {
  const worker = await room.startWorker(() =>
    Promise.reject(new PermanentError({ code: 'video.unreadable', message: 'Damaged.' })),
  )
  const task = await room.ask()
  const dependent = await room.ask(room.ownerId, task.id)
  await isDone(dependent).toBe('failed')
  // What fell with it is no dead letter of its own.
  expect(await listDeadLetterGroups(room.db)).toMatchObject([{ code: 'video.unreadable', count: 1 }])
  expect(await discardDeadLetters(room.db, { which: { ids: [task.id] }, reason: 'a test file' })).toBe(1)
  expect(await listDeadLetterGroups(room.db)).toEqual([])
  expect(await room.read(task.id)).toMatchObject({ state: 'failed', discardReason: 'a test file' })
  await worker.end()
})

it('that a browser has the end of a task is noted once, is no news, and is forgotten when it is tried again', async () => {
  const worker = await room.startWorker(() =>
    Promise.reject(new PermanentError({ code: 'video.unreadable', message: 'Damaged.' })),
  )
  const task = await room.ask()
  await markSeen(room.db, { ownerId: room.ownerId, ids: [task.id] })
  await isDone(task).toBe('failed')
  const ended = await room.read(task.id)
  expect(ended.seenAt).toBeNull()
  await markSeen(room.db, { ownerId: await room.person(), ids: [task.id] })
  expect((await room.read(task.id)).seenAt).toBeNull()
  await markSeen(room.db, { ownerId: room.ownerId, ids: [task.id] })
  const seen = await room.read(task.id)
  expect(seen).toMatchObject({ version: ended.version, seenAt: expect.any(Date) })
  await markSeen(room.db, { ownerId: room.ownerId, ids: [task.id] })
  expect(await room.read(task.id)).toEqual(seen)
  await worker.end()
  await retryTask({ db: room.db, boss: room.boss, taskId: task.id, ownerId: room.ownerId })
  const again = await room.read(task.id)
  expect(again.seenAt).toBeNull()
  expect(again.version).toBeGreaterThan(ended.version)
})
