import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openDb } from '@/lib/db'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { inspectVideo } from '@/lib/videos/kinds'
import { migrate } from '@/scripts/migrate'
import { startPostgres } from '@/scripts/postgres'
import { createOwner } from '@/tests/support/database'
import { consume, sharedQueues } from '@/worker/consume'
import type { WorkerContext } from '@/worker/context'
import { handle } from '@/worker/handler'
import { RunningTasks } from '@/worker/running-tasks'
import { quantile, type Row } from './row'

const SINGLES = 300
const BURST = 500
const videoId = '00000000-0000-4000-8000-000000000000'

/**
 * From the call that writes row and job in one Prisma transaction to the first line of the handler:
 * one at a time on an idle queue, and a burst that a single slot works off.
 */
export async function run(): Promise<Row[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const postgres = await startPostgres({ dataDir })
  await migrate(postgres.url)
  const db = openDb({ url: postgres.url })
  const boss = openBoss({ url: postgres.url, supervise: true })
  await boss.start()
  const running = new RunningTasks(db)
  const ownerId = (await createOwner(db)).id
  const enqueue = () =>
    db.$transaction((tx) => enqueueTask(tx, boss, { kind: inspectVideo, payload: { videoId }, ownerId }))
  const starts = new Map<string, number>()
  let onStart = () => {}
  const handler = handle({
    kind: inspectVideo,
    async run({ taskId }) {
      starts.set(taskId, performance.now())
      onStart()
      return {}
    },
  })
  const allStarted = (count: number) =>
    new Promise<void>((resolve) => (onStart = () => starts.size >= count && resolve()))
  const handlers = new Map([[handler.kind.name, handler]])
  const context = { db, boss } as WorkerContext
  await consume({ context, handlers, running, queues: sharedQueues(handlers) })

  const waits: number[] = []
  for (let n = 0; n < SINGLES; n++) {
    const started = allStarted(starts.size + 1)
    const enqueuedAt = performance.now()
    const task = await enqueue()
    await started
    if (n >= 20) waits.push(starts.get(task.id)! - enqueuedAt)
    // What is measured is an idle queue: the run before has settled.
    while ((await db.task.findUniqueOrThrow({ where: { id: task.id } })).state !== 'done');
  }
  const startedAt = performance.now()
  const burst = allStarted(starts.size + BURST)
  await Promise.all(Array.from({ length: BURST }, enqueue))
  await burst
  const seconds = (performance.now() - startedAt) / 1000

  running.end()
  await boss.stop({ graceful: true })
  await db.$disconnect()
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
  return [
    { name: 'enqueue → handler start, p50', value: quantile(waits, 0.5), unit: 'ms', aim: '≤ 8' },
    { name: 'enqueue → handler start, p99', value: quantile(waits, 0.99), unit: 'ms', aim: '≤ 25' },
    {
      name: `tasks enqueued, done and acknowledged, burst of ${BURST}`,
      value: BURST / seconds,
      unit: 'per second',
    },
  ]
}
