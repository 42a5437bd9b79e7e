import { expect, it } from 'vitest'
import { PermanentError } from '@/lib/errors'
import { discardDeadLetters, listDeadLetterGroups, listDeadLetters } from '@/lib/queues/dead-letters'
import { pauseQueue, resumeQueue } from '@/lib/queues/pause'
import { advanceRedrives, startRedrive } from '@/lib/queues/redrive'
import { readAttempts } from '@/lib/tasks/attempts'
import { retryTask } from '@/lib/tasks/commands'
import { markTasksSeen } from '@/lib/tasks/mark-tasks-seen'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()
const queueName = inspectVideoTask.name
const expectState = (task: { id: string }) => expect.poll(async () => (await fixture.readTask(task.id)).state)

type TestWorker = Awaited<ReturnType<typeof fixture.startWorker>>

/** Waits until each worker has polled the database `count` more times. */
async function waitForPolls(workers: readonly TestWorker[], count: number) {
  const before = workers.map((worker) => worker.pollCount())
  const haveAllPolled = () => workers.every((worker, n) => worker.pollCount() >= before[n]! + count)
  await expect.poll(haveAllPolled).toBe(true)
}

it('starts no task of a paused queue on any worker, lets running tasks finish, and continues when resumed', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const hold = async () => (await held, {})
  const workers = [
    await fixture.startWorker(hold, { concurrency: 1 }),
    await fixture.startWorker(hold, { concurrency: 1 }),
  ]
  const first = await fixture.enqueue()
  await expect.poll(async () => (await fixture.readTask(first.id)).state).toBe('in_progress')
  await pauseQueue(fixture.db, { queue: queueName, by: 'test' })
  await waitForPolls(workers, 2)
  const second = await fixture.enqueue()
  release()
  await expectState(first).toBe('done')
  const third = await fixture.startWorker(hold)
  // Longer than the polling interval of a queue.
  await waitForPolls([...workers, third], 5)
  expect((await fixture.readTask(second.id)).state).toBe('queued')
  await resumeQueue(fixture.db, { queue: queueName })
  await expectState(second).toBe('done')
  for (const { stop } of [...workers, third]) await stop()
})

it('limits the task starts per second of a queue across workers', async () => {
  const starts: number[] = []
  const recordStart = async () => (starts.push(performance.now()), {})
  const limit = { concurrency: 3, startsPerSecond: 10 }
  const workers = [
    await fixture.startWorker(recordStart, limit),
    await fixture.startWorker(recordStart, limit),
  ]
  const enqueuedAt = performance.now()
  const tasks = await Promise.all(Array.from({ length: 20 }, () => fixture.enqueue()))
  await expect.poll(() => starts.length).toBe(tasks.length)
  const seconds = (starts.at(-1)! - enqueuedAt) / 1000
  expect((tasks.length - 1) / seconds).toBeLessThan(limit.startsPerSecond * 1.01)
  expect(tasks.length / seconds).toBeGreaterThan(5)
  for (const { stop } of workers) await stop()
})

it('stores every error of dead letters, and redrives them by cause: one as a trial, then the rest if it succeeds', async () => {
  let problem: string | null = 'cannot reach 10.0.0.1'
  const worker = await fixture.startWorker(
    async ({ taskId }) => {
      if (problem) throw new Error(`${problem} for ${taskId}`)
      return {}
    },
    { concurrency: 4, retryDelaySeconds: 1, retryDelayMaxSeconds: 1 },
  )
  const tasks = await Promise.all(Array.from({ length: 4 }, () => fixture.enqueue()))
  await fixture.db.task.updateMany({
    where: { id: { in: tasks.map(({ id }) => id) } },
    data: { maxAttempts: 2 },
  })
  await expect
    .poll(() => fixture.readStates(tasks), { timeout: 30_000 })
    .toEqual(['failed', 'failed', 'failed', 'failed'])

  const [group, ...others] = await listDeadLetterGroups(fixture.db)
  expect(others).toEqual([])
  expect(group).toMatchObject({ kind: queueName, code: 'task.crashed', count: 4, users: 1, inRedrive: 0 })
  const { kind, code, cause } = group!
  const letters = await listDeadLetters(fixture.db, { kind, code, cause })
  expect(letters[0]).toMatchObject({ payload: tasks[0]!.payload, attempts: 2 })
  expect(await readAttempts(fixture.db, tasks[0]!.id)).toMatchObject([
    { attempt: 1, outcome: 'retry', error: { detail: `cannot reach 10.0.0.1 for ${tasks[0]!.id}` } },
    { attempt: 2, outcome: 'failed', error: { detail: `cannot reach 10.0.0.1 for ${tasks[0]!.id}` } },
  ])

  const which = { kind, code, cause }
  const redrive = (isTrial: boolean) => startRedrive(fixture, { which, isTrial, byId: fixture.ownerId })
  // It still fails: only the trial was retried.
  const stopped = await redrive(true)
  const stateOf = async (id: string) => (await fixture.db.redrive.findUniqueOrThrow({ where: { id } })).state
  await expect.poll(() => stateOf(stopped.id), { timeout: 20_000 }).toBe('stopped')
  await advanceRedrives(fixture)
  const histories = await Promise.all(
    tasks.map(async ({ id }) => (await readAttempts(fixture.db, id)).length),
  )
  expect(histories.toSorted((a, b) => a - b)).toEqual([2, 2, 2, 4])
  expect(await fixture.readStates(tasks)).toEqual(['failed', 'failed', 'failed', 'failed'])

  problem = null
  const followed = await redrive(true)
  await expect.poll(() => stateOf(followed.id)).toBe('following')
  await expect.poll(async () => (await advanceRedrives(fixture), stateOf(followed.id))).toBe('done')
  await expect.poll(() => fixture.readStates(tasks)).toEqual(['done', 'done', 'done', 'done'])
  expect(await listDeadLetterGroups(fixture.db)).toEqual([])
  await worker.stop()
})

it('removes a dismissed dead letter from the list and stores the reason', async () => {
  const task = await fixture.enqueue()
  const dependent = await fixture.enqueue({ parentId: task.id })
  const worker = await fixture.startWorker(() =>
    Promise.reject(new PermanentError({ code: 'video.unreadable', message: 'Damaged.' })),
  )
  await expectState(dependent).toBe('failed')
  // A dependent that failed with its parent is not a dead letter.
  expect(await listDeadLetterGroups(fixture.db)).toMatchObject([{ code: 'video.unreadable', count: 1 }])
  const selection = { which: { ids: [task.id] }, reason: 'a test file' }
  expect(await fixture.db.$transaction((tx) => discardDeadLetters(tx, selection))).toBe(1)
  expect(await listDeadLetterGroups(fixture.db)).toEqual([])
  expect(await fixture.readTask(task.id)).toMatchObject({ state: 'failed', discardReason: 'a test file' })
  await worker.stop()
})

it('records once when a task was seen, without changing its version, and clears it on retry', async () => {
  const worker = await fixture.startWorker(() =>
    Promise.reject(new PermanentError({ code: 'video.unreadable', message: 'Damaged.' })),
  )
  const task = await fixture.enqueue()
  await markTasksSeen(fixture.db, { ownerId: fixture.ownerId, ids: [task.id] })
  await expectState(task).toBe('failed')
  const ended = await fixture.readTask(task.id)
  expect(ended.seenAt).toBeNull()
  await markTasksSeen(fixture.db, { ownerId: await fixture.createUserId(), ids: [task.id] })
  expect((await fixture.readTask(task.id)).seenAt).toBeNull()
  await markTasksSeen(fixture.db, { ownerId: fixture.ownerId, ids: [task.id] })
  const seen = await fixture.readTask(task.id)
  expect(seen).toMatchObject({ version: ended.version, seenAt: expect.any(Date) })
  await markTasksSeen(fixture.db, { ownerId: fixture.ownerId, ids: [task.id] })
  expect(await fixture.readTask(task.id)).toEqual(seen)
  await worker.stop()
  await retryTask({ db: fixture.db, boss: fixture.boss, taskId: task.id, ownerId: fixture.ownerId })
  const again = await fixture.readTask(task.id)
  expect(again.seenAt).toBeNull()
  expect(again.version).toBeGreaterThan(ended.version)
})
