import { createHash } from 'node:crypto'
import { fromPrisma, PgBoss } from 'pg-boss'
import { processSingleton } from '../concurrency/process-singleton'
import { databaseUrl, type Tx } from '../database/db'
import { prepared } from '../database/prepared-statements'
import { createSilenceTimeoutClient } from '../database/silence-timeout'
import { log } from '../log'
import { exitOnUnknownKinds } from './queue-overrides'
import type { TaskKind } from './task-kind'

/** Creates a pg-boss client with the options that web and worker share. `poolSize` is 6 by default. */
export function openBoss(options: {
  url: string
  /** Whether it recovers the jobs of dead workers. */
  supervise: boolean
  /** Whether it enqueues due schedules. Default: false. */
  schedule?: boolean
  poolSize?: number
  /** See `createSilenceTimeoutClient`. */
  silenceTimeoutMs?: number
}) {
  const pool = {
    connectionString: options.url,
    max: options.poolSize ?? 6,
    // pg-boss passes it on to pg, though its types do not name it.
    Client: createSilenceTimeoutClient(options.silenceTimeoutMs),
  }
  const boss = new PgBoss({
    ...pool,
    migrate: false,
    createSchema: false,
    schedule: options.schedule ?? false,
    supervise: options.supervise,
    // Redelivers the job of a killed worker within 30 s: 10 s without a heartbeat plus two intervals.
    superviseIntervalSeconds: 3,
    monitorIntervalSeconds: 3,
  })
  boss.on('error', (error) => log.warn({ err: error }, 'queue connection error'))
  return boss
}

/** Creates or upgrades pg-boss's schema and one queue per kind, then runs `install`. Idempotent. */
export async function migrateBoss(options: {
  url: string
  kinds: readonly TaskKind[]
  install(boss: PgBoss): Promise<void>
}) {
  exitOnUnknownKinds(options.kinds)
  const boss = new PgBoss({ connectionString: options.url, supervise: false, schedule: false })
  boss.on('error', (error) => log.warn({ err: error }, 'queue connection error'))
  await boss.start()
  try {
    for (const kind of options.kinds) await installQueue(boss, kind)
    await options.install(boss)
  } finally {
    await boss.stop({ graceful: false })
  }
}

/** Creates or updates the queue of a kind, or one called `name` with the same options. Idempotent. */
export async function installQueue(boss: PgBoss, kind: TaskKind, name: string = kind.name) {
  const { queue } = kind
  const options = {
    // Attempts and deaths are counted by the task; pg-boss only redelivers after a death or a timeout.
    retryLimit: queue.maxAttempts + queue.maxDeaths + 1,
    retryDelay: queue.retryDelaySeconds,
    retryBackoff: true,
    retryDelayMax: queue.retryDelayMaxSeconds,
    expireInSeconds: queue.expireSeconds,
    retentionSeconds: queue.retentionSeconds,
    deleteAfterSeconds: queue.deleteAfterSeconds,
    heartbeatSeconds: queue.heartbeatSeconds,
    notify: true,
  }
  // createQueue does not change an existing queue.
  if (await boss.getQueue(name)) await boss.updateQueue(name, options)
  else await boss.createQueue(name, options)
}

/** The channel on which pg-boss announces the name of a queue that has new jobs. */
const CHANNEL = `pgboss_${createHash('sha224').update('pgboss').digest('hex').slice(0, 24)}`

/**
 * Calls `onJobs` with the name of each queue that has new jobs, and `onReconnect` when some may have been missed, on a
 * connection of its own, which is restored when it is lost. @returns an async stop
 */
export async function listenForJobs(
  boss: PgBoss,
  { onJobs, onReconnect }: { onJobs(queue: string): void; onReconnect(): void },
) {
  const database = boss.getDb()
  if (!database.listen) throw new Error('this version of pg-boss offers no listener')
  const listener = await database.listen(CHANNEL, onJobs, onReconnect)
  return () => listener.close()
}

const client = processSingleton<Promise<PgBoss>>('queue client')

/** The client with which this process enqueues jobs, started on first use; started again after a failure. */
export function boss(): Promise<PgBoss> {
  client.current ??= openBoss({ url: databaseUrl(), supervise: false }).start()
  client.current.catch(() => delete client.current)
  return client.current
}

/** Options that make a pg-boss call part of the transaction `tx`. Its statements are always the same, so they are prepared. */
export function inTransaction(tx: Tx) {
  const { executeSql } = fromPrisma(tx)
  return {
    db: {
      executeSql: (text: string, values?: unknown[]) => executeSql(`${prepared.sql} ${text}`, values),
    },
  }
}
