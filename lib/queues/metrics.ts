import { Counter, Gauge, type Metric, Registry } from 'prom-client'
import type { Db } from '../database/db'
import { kinds } from '../kinds'
import { readQueueDepths } from './overview'
import { readPausedQueues } from './pause'
import { HISTOGRAM_BUCKETS } from './histogram-buckets'

/** Sums since the beginning, of one queue. */
interface QueueSums {
  queue: string
  arrived: number
  done: number
  failed: number
  returned: number
  waits: number[]
  runs: number[]
  waitSeconds: number
  runSeconds: number
}

/**
 * What queues and workers do, as Prometheus reads it. All of it comes from the database, so any web process
 * tells the same, and counters go on over restarts.
 */
export async function collectQueueMetrics(db: Db): Promise<Registry> {
  const [depths, counted, paused, workers, dead] = await Promise.all([
    readQueueDepths(db),
    readQueueSums(db),
    readPausedQueues(db),
    db.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM worker_beat WHERE "seenAt" > now() - interval '20 seconds'`,
    db.task.groupBy({
      by: ['kind'],
      _count: true,
      where: { state: 'failed', cause: { not: null }, discardedAt: null },
    }),
  ])
  const registry = new Registry()
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `meanwhile_${name}`, help, labelNames: ['queue'], registers: [registry] })
  const waiting = gauge('queue_waiting', 'Tasks in line that could start now')
  const held = gauge('queue_held', 'Tasks that wait for their next attempt')
  const running = gauge('queue_running', 'Tasks in progress')
  const oldest = gauge('queue_oldest_seconds', 'How long the oldest in line has waited')
  const pausedGauge = gauge('queue_paused', '1 while nothing is taken from the queue')
  const names = new Set([
    ...kinds.map(({ name }) => name),
    ...[depths, counted].flat().map(({ queue }) => queue),
  ])
  const sums = [...names].map((queue) => counted.find((sum) => sum.queue === queue) ?? emptyQueueSums(queue))
  for (const queue of names) {
    const depth = depths.find((row) => row.queue === queue)
    waiting.set({ queue }, Number(depth?.waiting ?? 0))
    held.set({ queue }, Number(depth?.held ?? 0))
    running.set({ queue }, Number(depth?.running ?? 0))
    oldest.set({ queue }, depth?.oldestSeconds ?? 0)
    pausedGauge.set({ queue }, paused.has(queue) ? 1 : 0)
  }
  const arrived = new Counter({
    name: 'meanwhile_queue_arrived_total',
    help: 'Jobs put in line, retries too',
    labelNames: ['queue'],
    registers: [registry],
  })
  const ended = new Counter({
    name: 'meanwhile_queue_ended_total',
    help: 'Attempts that ended, by how: done, failed for good, or returned to the line',
    labelNames: ['queue', 'outcome'],
    registers: [registry],
  })
  for (const { queue, ...sum } of sums) {
    arrived.inc({ queue }, sum.arrived)
    for (const outcome of ['done', 'failed', 'returned'] as const) ended.inc({ queue, outcome }, sum[outcome])
  }
  const histogram = (
    name: string,
    help: string,
    of: (sum: QueueSums) => { counts: number[]; seconds: number },
  ) => registry.registerMetric(createHistogram({ name, help, sums, of }))
  histogram('meanwhile_queue_wait_seconds', 'From when a task could have started until it did', (sum) => ({
    counts: sum.waits,
    seconds: sum.waitSeconds,
  }))
  histogram('meanwhile_queue_run_seconds', 'From the start of an attempt until it ended the task', (sum) => ({
    counts: sum.runs,
    seconds: sum.runSeconds,
  }))
  new Gauge({
    name: 'meanwhile_workers',
    help: 'Workers that were seen within 20 s',
    registers: [registry],
  }).set(Number(workers[0]!.count))
  const deadLetters = new Gauge({
    name: 'meanwhile_dead_letters',
    help: 'Tasks that failed for good and wait for a person',
    labelNames: ['kind'],
    registers: [registry],
  })
  for (const { name } of kinds)
    deadLetters.set({ kind: name }, dead.find(({ kind }) => kind === name)?._count ?? 0)
  return registry
}

const emptyQueueSums = (queue: string): QueueSums => {
  const steps = Array.from({ length: HISTOGRAM_BUCKETS.length + 1 }, () => 0)
  const none = { arrived: 0, done: 0, failed: 0, returned: 0, waitSeconds: 0, runSeconds: 0 }
  return { queue, ...none, waits: steps, runs: steps }
}

/** What minutes there are, and what was summed up of those before. */
const readQueueSums = (db: Db) => db.$queryRaw<QueueSums[]>`
  WITH parts AS (
    SELECT queue, arrived, done, failed, returned, waits::bigint[], runs::bigint[], "waitSeconds", "runSeconds" FROM queue_minute
    UNION ALL
    SELECT queue, arrived, done, failed, returned, waits, runs, "waitSeconds", "runSeconds" FROM queue_total
  ), steps AS (
    SELECT queue, n, sum(wait)::float AS wait, sum(run)::float AS run
    FROM parts, unnest(waits, runs) WITH ORDINALITY AS step(wait, run, n) GROUP BY queue, n
  )
  SELECT queue, sum(arrived)::float AS arrived, sum(done)::float AS done, sum(failed)::float AS failed,
    sum(returned)::float AS returned, sum("waitSeconds") AS "waitSeconds", sum("runSeconds") AS "runSeconds",
    (SELECT array_agg(wait ORDER BY n) FROM steps WHERE steps.queue = parts.queue) AS waits,
    (SELECT array_agg(run ORDER BY n) FROM steps WHERE steps.queue = parts.queue) AS runs
  FROM parts GROUP BY queue`

/** prom-client's own histogram only observes; this one tells what was counted elsewhere. */
function createHistogram(options: {
  name: string
  help: string
  sums: readonly QueueSums[]
  of: (sum: QueueSums) => { counts: number[]; seconds: number }
}): Metric {
  const { name, help } = options
  const values = options.sums.flatMap((sum) => {
    const { counts, seconds } = options.of(sum)
    const { queue } = sum
    const total = counts.reduce((all, count) => all + count, 0)
    const upTo = (n: number) => counts.slice(0, n + 1).reduce((all, count) => all + count, 0)
    return [
      ...HISTOGRAM_BUCKETS.map((edge, n) => ({
        metricName: `${name}_bucket`,
        labels: { queue, le: String(edge) },
        value: upTo(n),
      })),
      { metricName: `${name}_bucket`, labels: { queue, le: '+Inf' }, value: total },
      { metricName: `${name}_sum`, labels: { queue }, value: seconds },
      { metricName: `${name}_count`, labels: { queue }, value: total },
    ]
  })
  const told = { name, help, type: 'histogram', aggregator: 'sum', values }
  return { name, get: async () => told } as unknown as Metric
}
