import { expect, it } from 'vitest'
import { drainWhenOutdated } from '@/worker/runtime/drain'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { readTakenQueues } from '@/lib/cluster/queries'
import { readHealth } from '@/lib/health/queries'
import { toTaskDtos } from '@/lib/tasks/to-task-dto'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import { Intake } from '@/worker/runtime/intake'

const fixture = useQueueFixture()
const NEWER = '99991231235959_newer'
const POLL = { timeout: 20_000 }

/** A migration of a newer release. */
const applyNewerMigration = () => fixture.db.$executeRaw`
  INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
  VALUES (${NEWER}, '', ${NEWER}, now())`
const revertNewerMigration = () =>
  fixture.db.$executeRaw`DELETE FROM _prisma_migrations WHERE migration_name = ${NEWER}`

const recordWorker = (beat: { id: string; queues: string[] | null; drainReason?: string }) => fixture.db
  .$executeRaw`
  INSERT INTO worker_beat (id, "seenAt", queues, "drainReason")
  VALUES (${beat.id}, now(), ${beat.queues}, ${beat.drainReason})`
const removeWorkers = () => fixture.db.$executeRaw`DELETE FROM worker_beat`

it('finishes the running task and takes no other after a newer migration was applied', async () => {
  const intake = new Intake()
  const hold = Promise.withResolvers<void>()
  const worker = await fixture.startWorker(async () => (await hold.promise, {}), { concurrency: 1 }, intake)
  let drains = 0
  drainWhenOutdated({
    db: fixture.db,
    running: worker.running,
    intake,
    onDrain: async () => drains++,
    // Not supervised.
    shutDown: () => expect.unreachable(),
  })
  const running = await fixture.enqueue()
  await expect.poll(async () => (await fixture.readTask(running.id)).state, POLL).toBe('in_progress')
  await applyNewerMigration()
  await expect.poll(() => drains, POLL).toBe(1)
  expect(intake.drainReason).toContain(NEWER)
  const waiting = await fixture.enqueue()
  hold.resolve()
  await expect.poll(async () => (await fixture.readTask(running.id)).state, POLL).toBe('done')
  const polls = worker.pollCount()
  // Longer than the polling interval of a queue.
  await expect.poll(() => worker.pollCount(), POLL).toBeGreaterThan(polls + 5)
  expect(await fixture.readTask(waiting.id)).toMatchObject({ state: 'queued', attempts: 0 })
  await worker.stop()

  await revertNewerMigration()
  const next = await fixture.startWorker(async () => ({}))
  await expect.poll(async () => (await fixture.readTask(waiting.id)).state, POLL).toBe('done')
  await next.stop()
})

it('returns a task of an unknown kind to its queue without an attempt', async () => {
  const worker = await fixture.startWorker(async () => ({}))
  const task = await fixture.enqueue()
  await worker.stop()
  const other = await fixture.enqueue()
  const { jobId } = await fixture.readTask(other.id)
  await fixture.db.task.update({ where: { id: other.id }, data: { kind: 'video.hologram' } })
  await fixture.db.$executeRaw`
    UPDATE pgboss.job SET data = jsonb_set(data::jsonb, '{kind}', '"video.hologram"') WHERE id = ${jobId}::uuid`
  const older = await fixture.startWorker(async () => ({}))
  await expect.poll(async () => (await fixture.readTask(other.id)).jobId, POLL).not.toBe(jobId)
  const returned = await fixture.readTask(other.id)
  expect(returned).toMatchObject({ state: 'queued', attempts: 0, deaths: 0, error: null })
  expect(returned.queuedAt.getTime()).toBeGreaterThan(Date.now() + 20_000)
  await older.stop()
  expect((await fixture.readTask(task.id)).state).not.toBe('failed')
})

it('reports waiting tasks of queues that no online worker takes', async () => {
  const task = await fixture.enqueue()
  const row = await fixture.readTask(task.id)
  const hasWorker = async () => (await toTaskDtos(fixture.db, [row]))[0]!.hasWorker
  await recordWorker({ id: 'mail', queues: ['email.send'] })
  expect(await hasWorker()).toBe(false)
  expect((await readHealth(fixture.db)).warnings).toContain(`queue: ${inspectVideoTask.name}`)
  await recordWorker({ id: 'video', queues: [inspectVideoTask.name] })
  expect(await hasWorker()).toBe(true)
  expect((await readHealth(fixture.db)).warnings).not.toContain(`queue: ${inspectVideoTask.name}`)
  await removeWorkers()
})

it('counts a worker that does not report its queues as taking all, and is unavailable while all drain', async () => {
  await recordWorker({ id: 'old', queues: null })
  expect((await readTakenQueues(fixture.db)).has('anything')).toBe(true)
  await removeWorkers()
  await recordWorker({ id: 'draining', queues: [], drainReason: 'older' })
  expect((await readHealth(fixture.db)).missing).toEqual(['worker: draining'])
  await recordWorker({ id: 'new', queues: [inspectVideoTask.name] })
  expect(await readHealth(fixture.db)).toMatchObject({ missing: [], warnings: ['worker: draining'] })
  await removeWorkers()
})
