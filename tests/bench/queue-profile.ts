import { Session } from 'node:inspector/promises'
import { printTopFunctions } from './cpu-profile'
import type { Measurement } from './measurement'
import { openQueueFixture } from './queue-fixture'

const TASKS = 1_000
const SLOTS = 8
const WARM_UP_TASKS = 200
const SHOWN = 10

/**
 * Where the time of a task goes: prints the functions with the highest CPU time of the process that enqueues and executes
 * tasks, and the statements that Postgres executes for each.
 */
export async function profileQueue(): Promise<Measurement[]> {
  const fixture = await openQueueFixture({ countsStatements: true })
  const session = new Session()
  session.connect()
  try {
    await executeTasks(fixture, WARM_UP_TASKS)
    await fixture.db.$executeRaw`SELECT pg_stat_statements_reset()`
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    await executeTasks(fixture, TASKS)
    const { profile } = await session.post('Profiler.stop')
    const statements = await readStatements(fixture.db)
    printTopFunctions('CPU of the process, % of its time', profile)
    print(
      'Statements per task and milliseconds of the server per task',
      statements.slice(0, SHOWN).map(({ calls, ms, query }) => `${perTask(calls)} ${perTask(ms)}  ${query}`),
    )
    const sum = (key: 'calls' | 'ms') => statements.reduce((total, row) => total + row[key], 0) / TASKS
    return [
      { name: 'statements per task', value: sum('calls'), unit: 'count' },
      { name: 'time of the server per task', value: sum('ms'), unit: 'ms' },
    ]
  } finally {
    session.disconnect()
    await fixture.close()
  }
}

type Fixture = Awaited<ReturnType<typeof openQueueFixture>>

async function executeTasks(fixture: Fixture, count: number) {
  for (let n = 0; n < count; n++) await fixture.enqueue()
  const started = Promise.withResolvers<void>()
  let startedCount = 0
  const stop = await fixture.openWorker(SLOTS, () => {
    if (++startedCount === count) started.resolve()
  })
  await started.promise
  await stop()
}

const perTask = (value: number) => (value / TASKS).toFixed(3).padStart(7)

const print = (title: string, lines: readonly string[]) =>
  process.stdout.write(`${[title, ...lines].join('\n  ')}\n`)

async function readStatements(db: Fixture['db']) {
  const rows = await db.$queryRaw<{ query: string; calls: number; ms: number }[]>`
    SELECT regexp_replace(query, '\\s+', ' ', 'g') AS query, calls::int, total_exec_time AS ms
    FROM pg_stat_statements WHERE toplevel AND query NOT LIKE '%pg_stat_statements%' ORDER BY calls DESC`
  return rows.map(({ query, ...row }) => ({ ...row, query: query.trim().slice(0, 110) }))
}
