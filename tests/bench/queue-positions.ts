import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openDb } from '@/lib/database/db'
import { openBoss } from '@/lib/tasks/boss'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { readFirstQueuePositions, readQueuePositions } from '@/lib/tasks/queue-positions'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { migrate } from '@/scripts/migrate'
import { startPostgres } from '@/scripts/postgres'
import { createOwner } from '@/tests/support/database'
import { quantile, type Measurement, measureMs } from './measurement'

const WAITING = 10_000
const FINISHED = 1_000_000
const SAMPLES = 200
const videoId = '00000000-0000-4000-8000-000000000000'

/** Cost of enqueueing and of reading queue positions with many waiting tasks and a full table. */
export async function benchmarkQueuePositions(): Promise<Measurement[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const postgres = await startPostgres({ dataDir })
  await migrate(postgres.url)
  const db = openDb({ url: postgres.url })
  const boss = openBoss({ url: postgres.url, supervise: false })
  await boss.start()
  const [manyOwnerId, oneOwnerId] = [(await createOwner(db)).id, (await createOwner(db)).id]
  const enqueue = (ownerId: string) =>
    db.$transaction((tx) => enqueueTask(tx, boss, { kind: inspectVideoTask, payload: { videoId }, ownerId }))
  const measureEnqueueMs = async () => {
    const times: number[] = []
    for (let n = 0; n < SAMPLES; n++) times.push(await measureMs(() => enqueue(oneOwnerId)))
    return quantile(times, 0.5)
  }
  const empty = await measureEnqueueMs()
  const burstMs = await measureMs(async () => {
    for (let n = 0; n < WAITING; n += 500)
      await Promise.all(Array.from({ length: 500 }, () => enqueue(manyOwnerId)))
  })
  const full = await measureEnqueueMs()
  await db.$executeRaw`
    INSERT INTO task (id, "ownerId", kind, queue, state, payload, "maxAttempts", "startedAt", "finishedAt", round)
    SELECT gen_random_uuid(), ${manyOwnerId}, 'video.inspect', 'video.inspect', 'done', '{}', 3, now(), now(), 0
    FROM generate_series(1, ${FINISHED})`
  await db.$executeRaw`ANALYZE task`
  const crowded = await measureEnqueueMs()
  const waitingTasks = await db.task.findMany({
    where: { state: 'queued' },
    take: 50,
    orderBy: { id: 'desc' },
    select: { id: true },
  })
  const ids = waitingTasks.map(({ id }) => id)
  const positionsMs = await measureMs(() => readQueuePositions(db, ids))
  const firstPositionsMs = await measureMs(() =>
    readFirstQueuePositions(db, { ownerIds: [manyOwnerId, oneOwnerId], limit: 200 }),
  )
  const [shared] = await db.$queryRaw<{ most: bigint }[]>`
    SELECT max(n) AS most FROM (
      SELECT count(*) AS n FROM task WHERE "ownerId" = ${manyOwnerId} AND state = 'queued' GROUP BY round) rounds`

  await boss.stop({ graceful: false })
  await db.$disconnect()
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
  const waiting = WAITING.toLocaleString('en')
  return [
    { name: 'enqueue, empty table, p50', value: empty, unit: 'ms' },
    { name: `enqueue, ${waiting} waiting, p50`, value: full, unit: 'ms' },
    {
      name: `enqueue, ${waiting} waiting and ${FINISHED.toLocaleString('en')} finished rows, p50`,
      value: crowded,
      unit: 'ms',
    },
    {
      name: `${waiting} enqueued concurrently by one user`,
      value: WAITING / (burstMs / 1000),
      unit: 'per second',
    },
    { name: 'most tasks in one round', value: Number(shared!.most), unit: 'ratio' },
    { name: `positions of 50 tasks among ${waiting}`, value: positionsMs, unit: 'ms' },
    { name: `first 200 positions of two users among ${waiting}`, value: firstPositionsMs, unit: 'ms' },
  ]
}
