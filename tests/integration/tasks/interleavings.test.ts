import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLiveStore } from '@/app/live/store'
import { AppError, PermanentError } from '@/lib/errors'
import { followRedrives, startRedrive } from '@/lib/queues/redrive'
import { CHANGES_CHANNEL, changeSchema } from '@/lib/realtime/contract'
import { newerThan } from '@/lib/realtime/snapshot'
import { cancelTask, retryTask } from '@/lib/tasks/control'
import { getTask } from '@/lib/tasks/queries'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import { isFinished } from '@/lib/tasks/state'
import { steppedWorker } from '@/tests/support/deliveries'
import { useQueueRoom } from '@/tests/support/queue-room'
import { HandOver } from '@/worker/hand-over'

const TIME_MS = process.env.TEST_FULL ? 120_000 : 10_000

const room = useQueueRoom()
const errors = {
  error: () => new Error('the disk is full'),
  never: () => new PermanentError({ code: 'test.never', message: 'Never.' }),
  'hand over': () => new HandOver(),
}
let worker: ReturnType<typeof steppedWorker>
let listener: pg.Client
beforeAll(async () => {
  worker = steppedWorker(room, errors)
  listener = new pg.Client({ connectionString: room.database.url })
  await listener.connect()
  await listener.query(`LISTEN ${CHANGES_CHANNEL}`)
})
afterAll(async () => {
  await worker.stop()
  await listener.end()
})

const which = fc.nat(1_000)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask'), isDependent: fc.boolean(), which }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('fetch') }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('end'),
      how: fc.constantFrom('done', 'error', 'never', 'hand over'),
      which,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('silence'), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cancel', 'retry', 'redrive'), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reconcile', 'follow', 'hurry') }) },
)
interface Step {
  do: string
  how?: string
  which?: number
  isDependent?: boolean
}

/** Whether a person may do it now is not what is asked here. */
const ifAllowed = (error: unknown) => {
  if (!(error instanceof AppError)) throw error
}
const pick = <T>(of: readonly T[], which = 0) => (of.length === 0 ? undefined : of[which % of.length])

async function take(step: Step, ids: string[]) {
  const id = pick(ids, step.which)
  const delivery = pick(worker.held, step.which)
  const act = id && { db: room.db, boss: room.boss, taskId: id, ownerId: room.ownerId }
  if (step.do === 'ask')
    await room.ask(undefined, step.isDependent ? id : undefined).then((task) => ids.push(task.id), ifAllowed)
  if (step.do === 'fetch') await worker.fetch()
  if (step.do === 'end' && delivery) await worker.end(delivery, step.how as 'done')
  if (step.do === 'silence' && delivery) await worker.silence(delivery)
  if (step.do === 'cancel' && act) await cancelTask(act).catch(ifAllowed)
  if (step.do === 'retry' && act) await retryTask(act).catch(ifAllowed)
  if (step.do === 'redrive' && act)
    await startRedrive(room, { which: { ids: [id] }, isTrial: true, byId: room.ownerId }).catch(ifAllowed)
  if (step.do === 'reconcile') await reconcileTasks(room)
  if (step.do === 'follow') await followRedrives(room)
  if (step.do === 'hurry') await worker.hurry()
}

/** Everything that is still on its way gets there. */
async function settle(ids: string[]) {
  const open = () =>
    room.db.task.count({ where: { id: { in: ids }, state: { in: ['queued', 'in_progress'] } } })
  while (worker.held[0]) await worker.end(worker.held[0], 'done')
  for (let round = 0; round < 200 && (await open()) > 0; round++) {
    await worker.hurry()
    await reconcileTasks(room)
    const delivery = await worker.fetch()
    if (delivery) await worker.end(delivery, 'done')
  }
}

it('whatever happens in whatever order, every task reaches an end, its effect comes once, and pages tell the truth', async () => {
  let runs = 0
  let last: Promise<void> = Promise.resolve()
  const property = async (steps: readonly Step[]) => {
    runs++
    const ids: string[] = []
    const store = createLiveStore()
    const versions = new Map<string, number[]>()
    const hear = ({ payload }: pg.Notification) => {
      const { id, version } = changeSchema.parse(JSON.parse(payload!))
      versions.set(id, [...(versions.get(id) ?? []), version])
    }
    listener.on('notification', hear)
    for (const one of steps) {
      await take(one, ids)
      // A page hears of some changes only, and of some too late.
      const id = pick(ids, one.which)
      if (id && one.which! % 3 === 0)
        store.add({ tasks: [await getTask(room.db, { id, ownerId: room.ownerId })] })
    }
    await settle(ids)

    const rows = await room.db.task.findMany({ where: { id: { in: ids } } })
    expect(rows.filter(({ state }) => !isFinished(state))).toEqual([])
    for (const { id, state } of rows) {
      const effects = await room.db.verification.count({ where: { identifier: id } })
      expect(effects, `effects of a task that is ${state}`).toBe(state === 'done' ? 1 : 0)
    }
    for (const known of store.known()) store.apply(await newerThan(room.db, { ownerId: room.ownerId, known }))
    for (const { id, state, version } of rows)
      expect(store.read().tasks.get(id)).toMatchObject({ state, version })
    await listener.query('SELECT 1')
    listener.off('notification', hear)
    for (const heard of versions.values())
      expect(heard).toEqual([...new Set(heard)].toSorted((a, b) => a - b))
    await room.db.task.deleteMany({ where: { id: { in: ids } } })
  }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => (last = property(steps))),
    {
      numRuns: 10_000,
      interruptAfterTimeLimit: TIME_MS,
      endOnFailure: true,
    },
  )
  // The time limit does not wait for it.
  await last
  expect(runs).toBeGreaterThan(3)
  process.stdout.write(`${runs} interleavings\n`)
}, 300_000)
