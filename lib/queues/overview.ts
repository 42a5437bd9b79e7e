import { databaseTimeMs } from '../cluster/database-clock'
import { readTakenQueues } from '../cluster/queries'
import type { Db } from '../database/db'
import { kinds } from '../kinds'
import { histogramQuantile } from './histogram-quantile'
import * as messages from '../generated/messages/queue-names'

const CHART_MINUTES = 60

interface DepthRow {
  queue: string
  waiting: bigint
  held: bigint
  running: bigint
  oldestSeconds: number | null
}

interface TimesRow {
  queue: string
  waits: [number, number] | null
  runs: [number, number] | null
}

/** Counts waiting and running tasks per queue. A task that waits for its parent is not in a queue yet. */
export const readQueueDepths = (db: Db) => db.$queryRaw<DepthRow[]>`
  SELECT queue, count(*) FILTER (WHERE state = 'queued' AND "queuedAt" <= now()) AS waiting,
    count(*) FILTER (WHERE state = 'queued' AND "queuedAt" > now()) AS held,
    count(*) FILTER (WHERE state = 'in_progress') AS running,
    extract(epoch FROM now()::timestamp - min("queuedAt") FILTER (WHERE state = 'queued' AND "queuedAt" <= now()))::float
      AS "oldestSeconds"
  FROM task WHERE state IN ('queued', 'in_progress') AND "jobId" IS NOT NULL GROUP BY queue`

/** Reads the median and 95th percentile of waits and runs of the last five minutes, in seconds. */
const readQueueTimes = (db: Db) => db.$queryRaw<TimesRow[]>`
  SELECT queue, percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY "waitSeconds") AS waits,
    percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM "endedAt" - "startedAt"))
      FILTER (WHERE outcome IN ('done', 'failed')) AS runs
  FROM task_attempt WHERE "startedAt" > now() - interval '5 minutes' GROUP BY queue`

/** Reads what the queues page shows, in the order of the kinds, host queues last. */
export async function readQueuesOverview(db: Db) {
  const since = new Date(Math.floor(databaseTimeMs() / 60_000) * 60_000 - CHART_MINUTES * 60_000)
  const [depths, times, minutes, controls, hosts, taken] = await Promise.all([
    readQueueDepths(db),
    readQueueTimes(db),
    db.queueMinute.findMany({ where: { minute: { gte: since } }, orderBy: { minute: 'asc' } }),
    db.queueControl.findMany(),
    db.machineHost.findMany({ select: { id: true, name: true } }),
    readTakenQueues(db),
  ])
  const findByQueue = <T extends { queue: string }>(rows: readonly T[], queue: string) =>
    rows.find((row) => row.queue === queue)
  const names = new Set([
    ...kinds.map(({ name }) => name),
    ...[depths, minutes, controls].flat().map(({ queue }) => queue),
    ...hosts.flatMap(({ id }) => hostQueueNames.map((name) => `${name}/${id}`)),
  ])
  const overviews = [...names].map((queue) => {
    const [depth, time, control] = [
      findByQueue(depths, queue),
      findByQueue(times, queue),
      findByQueue(controls, queue),
    ]
    const queueMinutes = minutes.filter((minute) => minute.queue === queue)
    return {
      queue,
      ...describeQueue(queue, hosts),
      isTaken: taken.has(queue),
      waiting: Number(depth?.waiting ?? 0),
      held: Number(depth?.held ?? 0),
      running: Number(depth?.running ?? 0),
      oldestSeconds: depth?.oldestSeconds ?? null,
      waits: time?.waits ?? null,
      runs: time?.runs ?? null,
      pausedAt: control?.pausedAt?.toISOString() ?? null,
      pausedBy: control?.pausedBy ?? null,
      chart: buildChart(queueMinutes, since),
    }
  })
  // The queue of a kind with host queues contains only tasks that have no host yet.
  return overviews.filter(
    ({ hasHostQueues, waiting, running, chart }) =>
      !hasHostQueues || waiting + running > 0 || chart.some(hasActivity),
  )
}
export type QueueOverview = Awaited<ReturnType<typeof readQueuesOverview>>[number]

const hostQueueNames = [...new Set(kinds.flatMap(({ queue }) => queue.hostQueue ?? []))]
const listHostQueueTitles = (): Record<string, string> => ({
  machines: messages.machines(),
  'machines.snapshot': messages.snapshots(),
  'machines.execute': messages.scripts(),
})

function describeQueue(queue: string, hosts: readonly { id: string; name: string }[]) {
  const [name, hostId] = queue.split('/')
  const hostQueueTitles = listHostQueueTitles()
  const kind = kinds.find((one) => one.name === queue)
  return {
    title: kind?.label() ?? hostQueueTitles[name!] ?? queue,
    host: hostId ? (hosts.find(({ id }) => id === hostId)?.name ?? hostId) : null,
    hasHostQueues: Boolean(kind?.queue.hostQueue),
  }
}

interface MinuteRow {
  minute: Date
  arrived: number
  done: number
  failed: number
  waits: number[]
}

function buildChart(minutes: readonly MinuteRow[], since: Date) {
  return Array.from({ length: CHART_MINUTES + 1 }, (_, n) => {
    const at = since.getTime() + n * 60_000
    const row = minutes.find(({ minute }) => minute.getTime() === at)
    return {
      at: new Date(at).toISOString(),
      in: row?.arrived ?? 0,
      out: (row?.done ?? 0) + (row?.failed ?? 0),
      waitSeconds: row ? histogramQuantile(row.waits, 0.95) : null,
    }
  })
}

const hasActivity = (point: { in: number; out: number }) => point.in + point.out > 0
