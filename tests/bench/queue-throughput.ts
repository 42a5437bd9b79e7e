import { openGraphileTracker } from './graphile-tracker'
import type { QueueFixture } from './queue-fixture'
import { median, type Measurement } from './measurement'

const TABLE_SIZES = [1_000, 10_000, 100_000, 1_000_000]
const TASKS = 1_000
const ROUNDS = 3
const SLOTS = 8
const SENDERS = 8

interface TrackedQueue {
  enqueue(): Promise<unknown>
  /** Starts a worker with `slots` slots. Returns a function that stops it once its tasks are completed. */
  openWorker(slots: number, onStart: () => void): Promise<() => Promise<unknown>>
}

/**
 * Tasks per second, enqueued and then completed, compared with graphile-worker, which keeps the same records, and with a
 * growing number of finished rows.
 */
export async function measureQueueThroughput(fixture: QueueFixture): Promise<Measurement[]> {
  const graphile = await openGraphileTracker(fixture.url)
  const rows: Measurement[] = []
  const own: Rates[] = []
  try {
    await runRound(graphile)
    await runRound(fixture)
    await fixture.analyze()
    const peer = await measureRates(graphile)
    for (const size of TABLE_SIZES) {
      await insertFinishedTasks(fixture, size)
      const { enqueued, done } = await measureRates(fixture)
      own.push({ enqueued, done })
      const among = `of ${TASKS.toLocaleString('en')} among ${size.toLocaleString('en')} rows`
      rows.push(
        { name: `tasks enqueued ${among}`, value: enqueued, unit: 'per second' },
        { name: `tasks completed ${among}`, value: done, unit: 'per second', aim: '≥ 1,000' },
      )
    }
    const [first, last] = [own[0]!, own.at(-1)!]
    rows.push(
      {
        name: 'tasks completed at 1,000,000 rows / at 1,000',
        value: last.done / first.done,
        unit: 'ratio',
        aim: '≥ 0.80',
      },
      { name: 'graphile-worker with the same records: enqueued', value: peer.enqueued, unit: 'per second' },
      { name: 'graphile-worker with the same records: completed', value: peer.done, unit: 'per second' },
      {
        name: 'tasks completed / graphile-worker',
        value: first.done / peer.done,
        unit: 'ratio',
        aim: '≥ 0.50',
      },
    )
    return rows
  } finally {
    await graphile.close()
  }
}

type Rates = Record<'enqueued' | 'done', number>

/** The medians of several rounds. */
async function measureRates(queue: TrackedQueue): Promise<Rates> {
  const rounds: Rates[] = []
  for (let n = 0; n < ROUNDS; n++) rounds.push(await runRound(queue))
  const medianOf = (key: keyof Rates) => median(rounds.map((round) => round[key]))
  return { enqueued: medianOf('enqueued'), done: medianOf('done') }
}

async function runRound(queue: TrackedQueue): Promise<Rates> {
  const enqueued = await measureTasksPerSecond(() =>
    Promise.all(
      Array.from({ length: SENDERS }, async () => {
        for (let n = 0; n < TASKS / SENDERS; n++) await queue.enqueue()
      }),
    ),
  )
  const allStarted = Promise.withResolvers<void>()
  let startedCount = 0
  const done = await measureTasksPerSecond(async () => {
    const stop = await queue.openWorker(SLOTS, () => {
      if (++startedCount === TASKS) allStarted.resolve()
    })
    await allStarted.promise
    await stop()
  })
  return { enqueued, done }
}

async function measureTasksPerSecond(work: () => Promise<unknown>) {
  const startedAt = performance.now()
  await work()
  return TASKS / ((performance.now() - startedAt) / 1000)
}

/** Inserts finished tasks of 100 users until the table has `size` rows, without running triggers. */
async function insertFinishedTasks({ db }: QueueFixture, size: number) {
  const missing = size - (await db.task.count())
  if (missing <= 0) return
  await db.$executeRaw`
    INSERT INTO "user" (id, name, email, "updatedAt")
    SELECT 'old-' || n, 'Old', 'old-' || n || '@example.com', now() FROM generate_series(0, 99) AS n
    ON CONFLICT DO NOTHING`
  await db.$transaction(
    async (tx) => {
      await tx.$executeRaw`ALTER TABLE task DISABLE TRIGGER USER`
      await tx.$executeRaw`
        INSERT INTO task (id, "ownerId", kind, queue, state, payload, result, progress, attempts, "maxAttempts",
          "jobId", "createdAt", "queuedAt", "startedAt", "finishedAt")
        SELECT gen_random_uuid(), 'old-' || n % 100, 'video.inspect', 'video.inspect', 'done',
          '{"videoId":"00000000-0000-4000-8000-000000000000"}', '{}', 1, 1, 3, gen_random_uuid(), at, at, at, at
        FROM (SELECT n, (now() - n * interval '1 second')::timestamp AS at
          FROM generate_series(1, ${missing}::int) AS n) AS old`
      await tx.$executeRaw`ALTER TABLE task ENABLE TRIGGER USER`
    },
    { timeout: 300_000 },
  )
  await db.$executeRaw`VACUUM (ANALYZE) task`
}
