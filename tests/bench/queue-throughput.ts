import type { QueueFixture } from './queue-fixture'
import { median, type Measurement } from './measurement'

const TABLE_SIZES = [1_000, 10_000, 100_000, 1_000_000]
const TASKS = 1_000
const ROUNDS = 3
const SLOTS = 8
const SENDERS = 8

/** Tracked tasks per second through our runTask, enqueued and then done, beside ever more rows of old ones. */
export async function measureQueueThroughput(room: QueueFixture): Promise<Measurement[]> {
  const rows: Measurement[] = []
  await runRound(room)
  for (const size of TABLE_SIZES) {
    await insertFinishedTasks(room, size)
    const rounds = []
    for (let n = 0; n < ROUNDS; n++) rounds.push(await runRound(room))
    const enqueued = median(rounds.map((round) => round.enqueued))
    const done = median(rounds.map((round) => round.done))
    const among = `of ${TASKS.toLocaleString('en')} among ${size.toLocaleString('en')} rows`
    rows.push(
      { name: `tasks enqueued ${among}`, value: enqueued, unit: 'per second' },
      { name: `tasks done and acknowledged ${among}`, value: done, unit: 'per second' },
    )
  }
  const doneAt = (n: number) => rows[n * 2 + 1]!.value
  const last = TABLE_SIZES.length - 1
  rows.push({
    name: 'tasks done at 1,000,000 rows / at 1,000',
    value: doneAt(last) / doneAt(0),
    unit: 'ratio',
    aim: '≥ 0.80',
  })
  return rows
}

async function runRound(room: QueueFixture) {
  const enqueued = await measureTasksPerSecond(() =>
    Promise.all(
      Array.from({ length: SENDERS }, async () => {
        for (let n = 0; n < TASKS / SENDERS; n++) await room.enqueue()
      }),
    ),
  )
  const all = Promise.withResolvers<void>()
  let begun = 0
  const done = await measureTasksPerSecond(async () => {
    const stop = await room.openWorker(SLOTS, () => {
      if (++begun === TASKS) all.resolve()
    })
    await all.promise
    await stop()
  })
  return { enqueued, done }
}

async function measureTasksPerSecond(work: () => Promise<unknown>) {
  const startedAt = performance.now()
  await work()
  return TASKS / ((performance.now() - startedAt) / 1000)
}

/** Finished tasks of a hundred people, until there are `size` of them. Their changes are told to nobody. */
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
