import { run as runGraphile, Logger, makeWorkerUtils } from 'graphile-worker'
import { PgBoss } from 'pg-boss'
import type { QueueRoom } from './queue-room'
import { quantile, type Row } from './row'

const SINGLES = 300
/** The first ones are not counted: everything is slow once. */
const WARM_UP = 20
/** With its default of looking every two seconds this takes long enough. */
const POLLED = 24

/** From the call that enqueues to the first line of the handler, one at a time on an idle queue; three queues on one Postgres. */
export async function measureLatency(room: QueueRoom): Promise<Row[]> {
  const ours = await ourWaits(room)
  const graphile = await graphileWaits(room.url)
  const polled = await polledWaits(room.url)
  return [
    { name: 'enqueue → handler start, p50', value: quantile(ours, 0.5), unit: 'ms', aim: '≤ 8' },
    { name: 'enqueue → handler start, p99', value: quantile(ours, 0.99), unit: 'ms', aim: '≤ 25' },
    ...rows('graphile-worker', graphile),
    ...rows('pg-boss, default polling', polled),
  ]
}

const rows = (name: string, waits: number[]): Row[] => [
  { name: `${name}: enqueue → start, p50`, value: quantile(waits, 0.5), unit: 'ms' },
  { name: `${name}: enqueue → start, p99`, value: quantile(waits, 0.99), unit: 'ms' },
]

/** Resolves waits for what has begun, by name. */
function starts() {
  const waiting = new Map<string, (at: number) => void>()
  const early = new Map<string, number>()
  return {
    note(name: string) {
      const at = performance.now()
      const resolve = waiting.get(name)
      if (resolve) resolve(at)
      else early.set(name, at)
    },
    of: (name: string) =>
      new Promise<number>((resolve) => {
        const at = early.get(name)
        if (at === undefined) waiting.set(name, resolve)
        else resolve(at)
      }),
  }
}

async function measure(
  count: number,
  given: {
    start(n: number): Promise<string>
    begun: ReturnType<typeof starts>
    warmUp: number
    settled?(name: string): Promise<unknown>
  },
) {
  const waits: number[] = []
  for (let n = -given.warmUp; n < count; n++) {
    const askedAt = performance.now()
    const name = await given.start(n)
    const wait = (await given.begun.of(name)) - askedAt
    if (n >= 0) waits.push(wait)
    // What is measured is an idle queue: the one before has settled.
    await given.settled?.(name)
  }
  return waits
}

async function ourWaits(room: QueueRoom) {
  const begun = starts()
  const stop = await room.openWorker(1, begun.note)
  const waits = await measure(SINGLES, {
    begun,
    warmUp: WARM_UP,
    start: async () => (await room.enqueue()).id,
    async settled(id) {
      while ((await room.db.task.findUniqueOrThrow({ where: { id } })).state !== 'done');
    },
  })
  await stop()
  return waits
}

async function graphileWaits(connectionString: string) {
  const begun = starts()
  const logger = new Logger(() => () => undefined)
  const worker = await runGraphile({
    connectionString,
    logger,
    concurrency: 1,
    noHandleSignals: true,
    taskList: { probe: async (payload) => begun.note((payload as { name: string }).name) },
  })
  const sender = await makeWorkerUtils({ connectionString, logger })
  const waits = await measure(SINGLES, {
    begun,
    warmUp: WARM_UP,
    async start(n) {
      await sender.addJob('probe', { name: String(n) })
      return String(n)
    },
  })
  await sender.release()
  await worker.stop()
  return waits
}

async function polledWaits(connectionString: string) {
  const begun = starts()
  const boss = new PgBoss({ connectionString, schema: 'bench' })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.createQueue('probe')
  await boss.work('probe', async ([job]) => begun.note(job!.id))
  const waits = await measure(POLLED, {
    begun,
    warmUp: 2,
    start: async () => (await boss.send('probe', {}))!,
  })
  await boss.stop({ graceful: true })
  return waits
}
