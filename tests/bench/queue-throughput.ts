import type { QueueFixture } from './queue-fixture'
import { median, type Measurement } from './measurement'

const TABLE_SIZES = [1_000, 10_000, 100_000, 1_000_000]
const TASKS = 1_000
const ROUNDS = 3
const SLOTS = 8
const SENDERS = 8

/** Tasks per second, enqueued and then completed through runTask, with a growing number of finished rows. */
export async function measureQueueThroughput(fixture: QueueFixture): Promise<Measurement[]> {
  const rows: Measurement[] = []
  await runRound(fixture)
  for (const size of TABLE_SIZES) {
    await insertFinishedTasks(fixture, size)
    const rounds = []
    for (let n = 0; n < ROUNDS; n++) rounds.push(await runRound(fixture))
    const enqueued = median(rounds.map((round) => round.enqueued))
    const done = median(rounds.map((round) => round.done))
    const among = `of ${TASKS.toLocaleString('en')} among ${size.toLocaleString('en')} rows`
    rows.push(
      { name: `tasks enqueued ${among}`, value: enqueued, unit: 'per second' },
      { name: `tasks completed ${among}`, value: done, unit: 'per second' },
    )
  }
  const doneAt = (n: number) => rows[n * 2 + 1]!.value
  const last = TABLE_SIZES.length - 1
  rows.push({
    name: 'tasks completed at 1,000,000 rows / at 1,000',
    value: doneAt(last) / doneAt(0),
    unit: 'ratio',
    aim: '≥ 0.80',
  })
  return rows
}

async function runRound(fixture: QueueFixture) {
  const enqueued = await measureTasksPerSecond(() =>
    Promise.all(
      Array.from({ length: SENDERS }, async () => {
        for (let n = 0; n < TASKS / SENDERS; n++) await fixture.enqueue()
      }),
    ),
  )
  const allStarted = Promise.withResolvers<void>()
  let startedCount = 0
  const done = await measureTasksPerSecond(async () => {
    const stop = await fixture.openWorker(SLOTS, () => {
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
