import { Counter, Gauge, Registry } from 'prom-client'
import type { Db } from '../database/db'
import { kinds } from '../kinds'
import { PROCESS_TIMEOUT } from '../cluster/queries'
import { whereDeadLetter } from '../tasks/dead-letter'
import { createHistogram } from './histogram-metric'
import { readQueueDepths } from './overview'
import { readPausedQueues } from './pause'
import { emptyQueueSums, readQueueSums } from './queue-sums'

/**
 * Collects the Prometheus metrics of queues and workers. All values are read from the database, so that every web
 * process reports the same and counters survive restarts.
 */
export async function collectQueueMetrics(db: Db): Promise<Registry> {
  const [depths, totals, paused, workers, deadLetterCounts] = await Promise.all([
    readQueueDepths(db),
    readQueueSums(db),
    readPausedQueues(db),
    db.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM worker_beat WHERE role = 'worker' AND "seenAt" > now() - ${PROCESS_TIMEOUT}::interval`,
    db.task.groupBy({
      by: ['kind'],
      _count: true,
      where: whereDeadLetter,
    }),
  ])
  const registry = new Registry()
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `meanwhile_${name}`, help, labelNames: ['queue'], registers: [registry] })
  const waiting = gauge('queue_waiting', 'Tasks that could start now')
  const held = gauge('queue_held', 'Tasks that wait for their next attempt')
  const running = gauge('queue_running', 'Tasks in progress')
  const oldest = gauge('queue_oldest_seconds', 'Wait of the oldest task that could start now')
  const pausedGauge = gauge('queue_paused', '1 while the queue is paused')
  const names = new Set([
    ...kinds.map(({ name }) => name),
    ...[depths, totals].flat().map(({ queue }) => queue),
  ])
  const sums = [...names].map((queue) => totals.find((sum) => sum.queue === queue) ?? emptyQueueSums(queue))
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
    help: 'Jobs enqueued, including retries',
    labelNames: ['queue'],
    registers: [registry],
  })
  const ended = new Counter({
    name: 'meanwhile_queue_ended_total',
    help: 'Attempts that ended: done, failed or returned to the queue',
    labelNames: ['queue', 'outcome'],
    registers: [registry],
  })
  for (const { queue, ...sum } of sums) {
    arrived.inc({ queue }, sum.arrived)
    for (const outcome of ['done', 'failed', 'returned'] as const) ended.inc({ queue, outcome }, sum[outcome])
  }
  for (const histogram of [
    createHistogram({
      name: 'meanwhile_queue_wait_seconds',
      help: 'Time from when a task could start until it started',
      sums,
      select: ({ waits, waitSeconds }) => ({ counts: waits, seconds: waitSeconds }),
    }),
    createHistogram({
      name: 'meanwhile_queue_run_seconds',
      help: 'Time from the start of an attempt until it ended the task',
      sums,
      select: ({ runs, runSeconds }) => ({ counts: runs, seconds: runSeconds }),
    }),
  ])
    registry.registerMetric(histogram)
  new Gauge({
    name: 'meanwhile_workers',
    help: 'Workers seen within 20 s',
    registers: [registry],
  }).set(Number(workers[0]!.count))
  const deadLetters = new Gauge({
    name: 'meanwhile_dead_letters',
    help: 'Failed tasks that await an administrator',
    labelNames: ['kind'],
    registers: [registry],
  })
  for (const { name } of kinds)
    deadLetters.set({ kind: name }, deadLetterCounts.find(({ kind }) => kind === name)?._count ?? 0)
  return registry
}
