import { type ChildProcess, spawn } from 'node:child_process'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { installQueue } from '@/lib/tasks/boss'
import { readAttempts } from '@/lib/tasks/attempts'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import { SCRIPTED_VIDEOS } from '@/tests/support/scripted-videos'

const fixture = useQueueFixture()
const workers = new Set<ChildProcess>()

beforeAll(() => {
  const queue = { ...inspectVideoTask.queue, retryDelaySeconds: 1, retryDelayMaxSeconds: 2 }
  return installQueue(fixture.boss, { ...inspectVideoTask, queue })
})
afterEach(() => {
  for (const worker of workers) worker.kill('SIGKILL')
  workers.clear()
})

const startWorker = () =>
  new Promise<ChildProcess>((resolve, reject) => {
    const worker = spawn(process.execPath, ['--import', 'tsx', 'tests/support/scripted-worker.ts'], {
      env: { ...process.env, DATABASE_URL: fixture.database.url, LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    workers.add(worker)
    worker.once('message', () => resolve(worker))
    worker.once('exit', () => (workers.delete(worker), reject(new Error('the worker ended'))))
  })
const enqueueScripted = (videoId: string) =>
  fixture.db.$transaction((tx) =>
    enqueueTask(tx, fixture.boss, { kind: inspectVideoTask, payload: { videoId }, ownerId: fixture.ownerId }),
  )

it('fails a task that kills every worker, and completes concurrent tasks without spending an attempt', async () => {
  let deaths = 0
  let isFinished = false
  const restartWorkers = async () => {
    while (!isFinished) {
      const worker = await startWorker()
      await new Promise((resolve) => worker.once('exit', resolve))
      deaths++
    }
  }
  const poison = await enqueueScripted(SCRIPTED_VIDEOS.killsWorker)
  const concurrent = [
    await enqueueScripted(SCRIPTED_VIDEOS.takesSeconds),
    await enqueueScripted(SCRIPTED_VIDEOS.takesSeconds),
  ]
  const restarting = restartWorkers()
  await expect
    .poll(() => fixture.readStates([poison, ...concurrent]), { timeout: 240_000, interval: 500 })
    .toEqual(['failed', 'done', 'done'])
  isFinished = true
  for (const worker of workers) worker.kill('SIGKILL')
  await restarting
  expect(await fixture.readTask(poison.id)).toMatchObject({ deaths: 3, error: { code: 'task.workers_died' } })
  expect((await readAttempts(fixture.db, poison.id)).map(({ outcome }) => outcome)).toEqual([
    'died',
    'died',
    'died',
    'failed',
  ])
  for (const { id } of concurrent) {
    const { attempts, deaths: ownDeaths } = await fixture.readTask(id)
    expect(attempts).toBe(1)
    expect(ownDeaths).toBeLessThan(3)
  }
  process.stdout.write(`${deaths - 1} workers were killed by the task\n`)
})

it('delivers all tasks again that a worker had fetched together when it was killed', async () => {
  const tasks: { id: string }[] = []
  for (let n = 0; n < 4; n++) tasks.push(await enqueueScripted(SCRIPTED_VIDEOS.takesSeconds))
  const readTasks = () => Promise.all(tasks.map(({ id }) => fixture.readTask(id)))
  const killed = await startWorker()
  const areClaimed = async () =>
    (await readTasks()).every(({ state, claim }) => state === 'in_progress' && claim === 1)
  await expect.poll(areClaimed, { timeout: 20_000, interval: 20 }).toBe(true)
  const claimedIn = new Set((await readTasks()).map(({ changedIn }) => changedIn))
  expect(claimedIn.size).toBe(1)
  killed.kill('SIGKILL')
  await startWorker()
  await expect
    .poll(() => fixture.readStates(tasks), { timeout: 120_000, interval: 500 })
    .toEqual(['done', 'done', 'done', 'done'])
  for (const task of await readTasks()) {
    expect(task).toMatchObject({ attempts: 1, deaths: 1, claim: 2 })
    expect((await readAttempts(fixture.db, task.id)).map(({ outcome }) => outcome)).toEqual(['died', 'done'])
  }
})

it('rejects writes of a worker that resumes after its heartbeat expired', async () => {
  const frozen = await startWorker()
  const task = await enqueueScripted(SCRIPTED_VIDEOS.writesRepeatedly)
  const writes = () =>
    fixture.db.verification.findMany({ where: { identifier: task.id }, select: { id: true } })
  await expect.poll(async () => (await writes()).length, { timeout: 20_000 }).toBeGreaterThan(2)
  frozen.kill('SIGSTOP')
  const before = (await writes()).map(({ id }) => id)
  await startWorker()
  await expect.poll(async () => (await fixture.readTask(task.id)).claim, { timeout: 60_000 }).toBe(2)
  frozen.kill('SIGCONT')
  const countStopLogs = () =>
    fixture.db.taskLogLine.count({
      where: { taskId: task.id, message: 'run stopped: task canceled or claimed by another run' },
    })
  await expect.poll(countStopLogs, { timeout: 30_000 }).toBe(1)
  await expect.poll(async () => (await fixture.readTask(task.id)).state, { timeout: 60_000 }).toBe('done')
  const { result, deaths } = await fixture.readTask(task.id)
  expect(result).not.toEqual({ by: frozen.pid })
  expect(deaths).toBe(1)
  const byFrozen = (await writes()).map(({ id }) => id).filter((id) => id.includes(` ${frozen.pid} `))
  expect(byFrozen.toSorted()).toEqual(before.toSorted())
})
