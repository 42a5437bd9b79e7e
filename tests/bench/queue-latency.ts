import { run as runGraphile, Logger, makeWorkerUtils } from 'graphile-worker'
import { PgBoss } from 'pg-boss'
import type { QueueFixture } from './queue-fixture'
import { quantile, type Measurement } from './measurement'

const SAMPLES = 300
/** Rounds before the measurement, which are slower. */
const WARM_UP_ROUNDS = 20
/** Few, because pg-boss polls every two seconds by default. */
const POLLING_SAMPLES = 24

/** Time from enqueueing to the start of the handler on an idle queue: ours, graphile-worker and pg-boss on one Postgres. */
export async function measureQueueLatency(fixture: QueueFixture): Promise<Measurement[]> {
  const ours = await measureOwnQueue(fixture)
  const graphile = await measureGraphileWorker(fixture.url)
  const polled = await measurePollingPgBoss(fixture.url)
  return [
    { name: 'enqueue → handler start, p50', value: quantile(ours, 0.5), unit: 'ms', aim: '≤ 3' },
    { name: 'enqueue → handler start, p99', value: quantile(ours, 0.99), unit: 'ms', aim: '≤ 10' },
    ...toMeasurements('graphile-worker', graphile),
    {
      name: 'enqueue → handler start, p50 / graphile-worker',
      value: quantile(ours, 0.5) / quantile(graphile, 0.5),
      unit: 'ratio',
      aim: '≤ 1.50',
    },
    {
      name: 'enqueue → handler start, p99 / graphile-worker',
      value: quantile(ours, 0.99) / quantile(graphile, 0.99),
      unit: 'ratio',
      aim: '≤ 1.50',
    },
    ...toMeasurements('pg-boss, default polling', polled),
  ]
}

const toMeasurements = (name: string, waits: number[]): Measurement[] => [
  { name: `${name}: enqueue → start, p50`, value: quantile(waits, 0.5), unit: 'ms' },
  { name: `${name}: enqueue → start, p99`, value: quantile(waits, 0.99), unit: 'ms' },
]

/** Records starts by name, and resolves waits for them in either order. */
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
  options: {
    start(n: number): Promise<string>
    tracker: ReturnType<typeof createStartTracker>
    warmUp: number
    waitUntilSettled?(name: string): Promise<unknown>
  },
) {
  const waits: number[] = []
  for (let n = -options.warmUp; n < count; n++) {
    const enqueuedAt = performance.now()
    const name = await options.start(n)
    const wait = (await options.tracker.waitFor(name)) - enqueuedAt
    if (n >= 0) waits.push(wait)
    // Settle it first, so that the next one meets an idle queue.
    await options.waitUntilSettled?.(name)
  }
  return waits
}

async function measureOwnQueue(fixture: QueueFixture) {
  const tracker = createStartTracker()
  const stop = await fixture.openWorker(1, tracker.record)
  const options = {
    tracker,
    warmUp: 0,
    start: async () => (await fixture.enqueue()).id,
    async waitUntilSettled(id: string) {
      while ((await fixture.db.task.findUniqueOrThrow({ where: { id } })).state !== 'done');
    },
  }
  await measureWaits(WARM_UP_ROUNDS, options)
  await fixture.analyze()
  const waits = await measureWaits(SAMPLES, options)
  await stop()
  return waits
}

async function measureGraphileWorker(connectionString: string) {
  const tracker = createStartTracker()
  const logger = new Logger(() => () => undefined)
  const worker = await runGraphile({
    connectionString,
    logger,
    concurrency: 1,
    noHandleSignals: true,
    taskList: { probe: async (payload) => tracker.record((payload as { name: string }).name) },
  })
  const sender = await makeWorkerUtils({ connectionString, logger })
  const waits = await measureWaits(SAMPLES, {
    tracker,
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
  const tracker = createStartTracker()
  const boss = new PgBoss({ connectionString, schema: 'bench' })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.createQueue('probe')
  await boss.work('probe', async ([job]) => tracker.record(job!.id))
  const waits = await measureWaits(POLLING_SAMPLES, {
    tracker,
    warmUp: 2,
    start: async () => (await boss.send('probe', {}))!,
  })
  await boss.stop({ graceful: true })
  return waits
}
