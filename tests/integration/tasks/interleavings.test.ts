import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLiveStore } from '@/app/live/store'
import { AppError, PermanentError } from '@/lib/errors'
import { advanceRedrives, startRedrive } from '@/lib/queues/redrive'
import { CHANGES_CHANNEL, changesSchema } from '@/lib/realtime/schema'
import { changesSince } from '@/lib/realtime/changes-since'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { getTask } from '@/lib/tasks/queries'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import { isFinished } from '@/lib/tasks/state'
import { createSteppedWorker } from '@/tests/support/stepped-worker'
import { useQueueFixture } from '@/tests/support/queue-fixture'
import { WorkerStopping } from '@/worker/runtime/shutdown'

const RUNS = process.env.TEST_FULL ? 200 : 20

const fixture = useQueueFixture()
const errors = {
  error: () => new Error('the disk is full'),
  never: () => new PermanentError({ code: 'test.never', message: 'Never.' }),
  'hand over': () => new WorkerStopping(),
}
let worker: ReturnType<typeof createSteppedWorker>
let listener: pg.Client
beforeAll(async () => {
  worker = createSteppedWorker(fixture, errors)
  listener = new pg.Client({ connectionString: fixture.database.url })
  await listener.connect()
  await listener.query(`LISTEN ${CHANGES_CHANNEL}`)
})
afterAll(async () => {
  await worker.stop()
  await listener.end()
})

const arbitraryIndex = fc.nat(1_000)
const arbitraryStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('enqueue'), isDependent: fc.boolean(), which: arbitraryIndex }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('fetch') }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('finish'),
      how: fc.constantFrom('done', 'error', 'never', 'hand over'),
      which: arbitraryIndex,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('miss heartbeats'), which: arbitraryIndex }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('cancel', 'retry', 'redrive'), which: arbitraryIndex }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('reconcile', 'advance redrives', 'skip delays') }),
  },
)
interface Step {
  do: string
  how?: string
  which?: number
  isDependent?: boolean
}

/** Ignores AppErrors: random steps include commands that the state of a task does not allow. */
const ignoreRefusal = (error: unknown) => {
  if (!(error instanceof AppError)) throw error
}
const pickAt = <T>(items: readonly T[], which = 0) =>
  items.length === 0 ? undefined : items[which % items.length]

async function applyStep(step: Step, ids: string[]) {
  const id = pickAt(ids, step.which)
  const job = pickAt(worker.held, step.which)
  const target = id && { db: fixture.db, boss: fixture.boss, taskId: id, ownerId: fixture.ownerId }
  if (step.do === 'enqueue')
    await fixture
      .enqueue({ parentId: step.isDependent ? id : undefined })
      .then((task) => ids.push(task.id), ignoreRefusal)
  if (step.do === 'fetch') await worker.fetchJob()
  if (step.do === 'finish' && job) await worker.finish(job, step.how as 'done')
  if (step.do === 'miss heartbeats' && job) await worker.missHeartbeats(job)
  if (step.do === 'cancel' && target) await cancelTask(target).catch(ignoreRefusal)
  if (step.do === 'retry' && target) await retryTask(target).catch(ignoreRefusal)
  if (step.do === 'redrive' && target)
    await startRedrive(fixture, { which: { ids: [id] }, isTrial: true, byId: fixture.ownerId }).catch(
      ignoreRefusal,
    )
  if (step.do === 'reconcile') await reconcileTasks(fixture)
  if (step.do === 'advance redrives') await advanceRedrives(fixture)
  if (step.do === 'skip delays') await worker.skipDelays()
}

/** Finishes all held jobs and runs all waiting tasks. */
async function settleAll(ids: string[]) {
  const open = () =>
    fixture.db.task.count({ where: { id: { in: ids }, state: { in: ['queued', 'in_progress'] } } })
  while (worker.held[0]) await worker.finish(worker.held[0], 'done')
  for (let round = 0; round < 200 && (await open()) > 0; round++) {
    await worker.skipDelays()
    await reconcileTasks(fixture)
    const job = await worker.fetchJob()
    if (job) await worker.finish(job, 'done')
  }
}

it('ends every task under any interleaving, applies its effect once, and shows its true state on pages', async () => {
  const property = async (steps: readonly Step[]) => {
    const ids: string[] = []
    const store = createLiveStore()
    const versions = new Map<string, number[]>()
    const onNotification = ({ payload }: pg.Notification) => {
      for (const { id, version } of changesSchema.parse(JSON.parse(payload!)))
        versions.set(id, [...(versions.get(id) ?? []), version])
    }
    listener.on('notification', onNotification)
    for (const step of steps) {
      await applyStep(step, ids)
      // A page receives only some changes, and some too late.
      const id = pickAt(ids, step.which)
      if (id && step.which! % 3 === 0)
        store.upsert({ tasks: [await getTask(fixture.db, { id, ownerId: fixture.ownerId })] })
    }
    await settleAll(ids)

    const rows = await fixture.db.task.findMany({ where: { id: { in: ids } } })
    expect(rows.filter(({ state }) => !isFinished(state))).toEqual([])
    for (const { id, state } of rows) {
      const effects = await fixture.db.verification.count({ where: { identifier: id } })
      expect(effects, `effects of a task that is ${state}`).toBe(state === 'done' ? 1 : 0)
    }
    for (const known of store.knownVersions())
      store.applySnapshot(await changesSince(fixture.db, { ownerId: fixture.ownerId, known }))
    for (const { id, state, version } of rows)
      expect(store.read().tasks.get(id)).toMatchObject({ state, version })
    await listener.query('SELECT 1')
    listener.off('notification', onNotification)
    for (const received of versions.values())
      expect(received).toEqual([...new Set(received)].toSorted((a, b) => a - b))
    await fixture.db.task.deleteMany({ where: { id: { in: ids } } })
  }
  await fc.assert(fc.asyncProperty(fc.array(arbitraryStep, { minLength: 5, maxLength: 40 }), property), {
    numRuns: RUNS,
    endOnFailure: true,
  })
}, 300_000)
