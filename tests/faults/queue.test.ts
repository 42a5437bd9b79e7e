import { type ChildProcess, spawn } from 'node:child_process'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { installQueue } from '@/lib/tasks/boss'
import { readAttempts } from '@/lib/tasks/attempts'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { inspectVideo } from '@/lib/videos/kinds'
import { useQueueRoom } from '@/tests/support/queue-room'
import { TOLD } from '@/tests/support/told'

const room = useQueueRoom()
const workers = new Set<ChildProcess>()

beforeAll(() => {
  const queue = { ...inspectVideo.queue, retryDelaySeconds: 1, retryDelayMaxSeconds: 2 }
  return installQueue(room.boss, { ...inspectVideo, queue })
})
afterEach(() => {
  for (const worker of workers) worker.kill('SIGKILL')
  workers.clear()
})

const startWorker = () =>
  new Promise<ChildProcess>((resolve, reject) => {
    const worker = spawn(process.execPath, ['--import', 'tsx', 'tests/support/told-worker.ts'], {
      env: { ...process.env, DATABASE_URL: room.database.url, LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    workers.add(worker)
    worker.once('message', () => resolve(worker))
    worker.once('exit', () => (workers.delete(worker), reject(new Error('the worker ended'))))
  })
const ask = (videoId: string) =>
  room.db.$transaction((tx) =>
    enqueueTask(tx, room.boss, { kind: inspectVideo, payload: { videoId }, ownerId: room.ownerId }),
  )

it('what kills every worker is set aside, and what was beside it is done without losing an attempt', async () => {
  let deaths = 0
  let isOver = false
  const keepOne = async () => {
    while (!isOver) {
      const worker = await startWorker()
      await new Promise((resolve) => worker.once('exit', resolve))
      deaths++
    }
  }
  const poison = await ask(TOLD.kill)
  const beside = [await ask(TOLD.takeTime), await ask(TOLD.takeTime)]
  const kept = keepOne()
  await expect
    .poll(() => room.states([poison, ...beside]), { timeout: 240_000, interval: 500 })
    .toEqual(['failed', 'done', 'done'])
  isOver = true
  for (const worker of workers) worker.kill('SIGKILL')
  await kept
  expect(await room.read(poison.id)).toMatchObject({ deaths: 3, error: { code: 'task.workers_died' } })
  expect((await readAttempts(room.db, poison.id)).map(({ outcome }) => outcome)).toEqual([
    'died',
    'died',
    'died',
    'failed',
  ])
  for (const { id } of beside) {
    const { attempts, deaths: own } = await room.read(id)
    expect(attempts).toBe(1)
    expect(own).toBeLessThan(3)
  }
  process.stdout.write(`${deaths - 1} workers died of it\n`)
})

it('a worker that was frozen past its heartbeat and wakes up writes nothing more', async () => {
  const frozen = await startWorker()
  const task = await ask(TOLD.writeOn)
  const writes = () => room.db.verification.findMany({ where: { identifier: task.id }, select: { id: true } })
  await expect.poll(async () => (await writes()).length, { timeout: 20_000 }).toBeGreaterThan(2)
  frozen.kill('SIGSTOP')
  const before = (await writes()).map(({ id }) => id)
  await startWorker()
  await expect.poll(async () => (await room.read(task.id)).claim, { timeout: 60_000 }).toBe(2)
  frozen.kill('SIGCONT')
  const told = () =>
    room.db.taskLogLine.count({
      where: { taskId: task.id, message: { startsWith: 'stopped: canceled or taken over' } },
    })
  await expect.poll(told, { timeout: 30_000 }).toBe(1)
  await expect.poll(async () => (await room.read(task.id)).state, { timeout: 60_000 }).toBe('done')
  const { result, deaths } = await room.read(task.id)
  expect(result).not.toEqual({ by: frozen.pid })
  expect(deaths).toBe(1)
  const byFrozen = (await writes()).map(({ id }) => id).filter((id) => id.includes(` ${frozen.pid} `))
  expect(byFrozen.toSorted()).toEqual(before.toSorted())
})
