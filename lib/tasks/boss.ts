import { fromPrisma, PgBoss } from 'pg-boss'
import { databaseUrl, type Tx } from '../database/db'
import { log } from '../log'
import { exitOnUnknownKinds } from './queue-overrides'
import type { TaskKind } from './task-kind'

/** Worker and web agree on these; pg-boss's own defaults suit short jobs only. */
export function openBoss(options: {
  url: string
  supervise: boolean
  /** Whether it sees to what is done again and again. */
  schedule?: boolean
  poolSize?: number
}) {
  const boss = new PgBoss({
    connectionString: options.url,
    max: options.poolSize ?? 6,
    migrate: false,
    createSchema: false,
    schedule: options.schedule ?? false,
    supervise: options.supervise,
    // A killed worker's job must be back within 30 s: 10 s of silence plus two of these.
    superviseIntervalSeconds: 3,
    monitorIntervalSeconds: 3,
    useListenNotify: true,
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

/** Creates the queue of one kind, or another one that treats jobs as that kind's. Safe to repeat. */
export async function installQueue(boss: PgBoss, kind: TaskKind, name: string = kind.name) {
  const { queue } = kind
  const options = {
    // Ours are the counts that end a task: pg-boss only delivers again after a death or a timeout.
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
  // createQueue leaves an existing queue as it is.
  if (await boss.getQueue(name)) await boss.updateQueue(name, options)
  else await boss.createQueue(name, options)
}

const processGlobal = globalThis as typeof globalThis & { meanwhileBoss?: Promise<PgBoss> }

/** This process's sending side of the queue, started at first use. */
export function boss(): Promise<PgBoss> {
  processGlobal.meanwhileBoss ??= openBoss({ url: databaseUrl(), supervise: false }).start()
  processGlobal.meanwhileBoss.catch(() => delete processGlobal.meanwhileBoss)
  return processGlobal.meanwhileBoss
}

/** pg-boss calls with this commit or roll back together with the rows of `tx`. */
export const inTransaction = (tx: Tx) => ({ db: fromPrisma(tx) })
