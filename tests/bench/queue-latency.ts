import { run as runGraphile, Logger, makeWorkerUtils } from 'graphile-worker'
import { PgBoss } from 'pg-boss'
import type { QueueFixture } from './queue-fixture'
import { quantile, type Measurement } from './measurement'

const SAMPLES = 300
/** The first ones are not counted: everything is slow once. */
const WARM_UP_ROUNDS = 20
/** With its default of looking every two seconds this takes long enough. */
const POLLING_SAMPLES = 24

/** From the call that enqueues to the first line of the handler, one at a time on an idle queue; three queues on one Postgres. */
export async function measureQueueLatency(room: QueueFixture): Promise<Measurement[]> {
  const ours = await measureOwnQueue(room)
  const graphile = await measureGraphileWorker(room.url)
  const polled = await measurePollingPgBoss(room.url)
  return [
    { name: 'enqueue → handler start, p50', value: quantile(ours, 0.5), unit: 'ms', aim: '≤ 8' },
    { name: 'enqueue → handler start, p99', value: quantile(ours, 0.99), unit: 'ms', aim: '≤ 25' },
    ...toMeasurements('graphile-worker', graphile),
    ...toMeasurements('pg-boss, default polling', polled),
  ]
}

const toMeasurements = (name: string, waits: number[]): Measurement[] => [
  { name: `${name}: enqueue → start, p50`, value: quantile(waits, 0.5), unit: 'ms' },
  { name: `${name}: enqueue → start, p99`, value: quantile(waits, 0.99), unit: 'ms' },
]

/** Resolves waits for what has begun, by name. */
function createStartTracker() {
  const waiting = new Map<string, (at: number) => void>()
  const early = new Map<string, number>()
  return {
    record(name: string) {
      const at = performance.now()
      const resolve = waiting.get(name)
      if (resolve) resolve(at)
      else early.set(name, at)
    },
    waitFor: (name: string) =>
      new Promise<number>((resolve) => {
        const at = early.get(name)
        if (at === undefined) waiting.set(name, resolve)
        else resolve(at)
      }),
  }
}

async function measureWaits(
  count: number,
  given: {
    start(n: number): Promise<string>
    tracker: ReturnType<typeof createStartTracker>
    warmUp: number
    waitUntilSettled?(name: string): Promise<unknown>
  },
) {
  const waits: number[] = []
  for (let n = -given.warmUp; n < count; n++) {
    const askedAt = performance.now()
    const name = await given.start(n)
    const wait = (await given.tracker.waitFor(name)) - askedAt
    if (n >= 0) waits.push(wait)
    // What is measured is an idle queue: the one before has settled.
    await given.waitUntilSettled?.(name)
  }
  return waits
}

async function measureOwnQueue(room: QueueFixture) {
  const begun = createStartTracker()
  const stop = await room.openWorker(1, begun.record)
  const waits = await measureWaits(SAMPLES, {
    tracker: begun,
    warmUp: WARM_UP_ROUNDS,
    start: async () => (await room.enqueue()).id,
    async waitUntilSettled(id) {
      while ((await room.db.task.findUniqueOrThrow({ where: { id } })).state !== 'done');
    },
  })
  await stop()
  return waits
}

async function measureGraphileWorker(connectionString: string) {
  const begun = createStartTracker()
  const logger = new Logger(() => () => undefined)
  const worker = await runGraphile({
    connectionString,
    logger,
    concurrency: 1,
    noHandleSignals: true,
    taskList: { probe: async (payload) => begun.record((payload as { name: string }).name) },
  })
  const sender = await makeWorkerUtils({ connectionString, logger })
  const waits = await measureWaits(SAMPLES, {
    tracker: begun,
    warmUp: WARM_UP_ROUNDS,
    async start(n) {
      await sender.addJob('probe', { name: String(n) })
      return String(n)
    },
  })
  await sender.release()
  await worker.stop()
  return waits
}

async function measurePollingPgBoss(connectionString: string) {
  const begun = createStartTracker()
  const boss = new PgBoss({ connectionString, schema: 'bench' })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.createQueue('probe')
  await boss.work('probe', async ([job]) => begun.record(job!.id))
  const waits = await measureWaits(POLLING_SAMPLES, {
    tracker: begun,
    warmUp: 2,
    start: async () => (await boss.send('probe', {}))!,
  })
  await boss.stop({ graceful: true })
  return waits
}
