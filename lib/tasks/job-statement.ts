import type { PgBoss } from 'pg-boss'
import { Prisma } from '../generated/prisma/client'

/**
 * The common table expressions that insert the jobs of the tasks in the expression `queued` and notify the workers of
 * `queue`. They are pg-boss's own statement, which takes the jobs from `queued` instead of a parameter, so that a task and
 * its job are written in one round trip. The main query must read `notified`: Postgres does not execute an expression that only selects otherwise.
 */
export async function insertJobsSql(boss: PgBoss, queue: string, afterSeconds = 0) {
  const { before, after } = await readInsertStatement(boss, queue)
  return Prisma.sql`${before}(
    SELECT json_agg(json_build_object(
      'id', "jobId",
      'data', json_build_object('taskId', id, 'kind', kind),
      'startAfter', ${afterSeconds > 0 ? String(afterSeconds) : null}::text,
      -- pg-boss fetches the highest priority first, and the oldest among equals: the lowest round.
      'priority', priority - coalesce(round, 0)) ORDER BY round, id)
    FROM queued)${after}`
}

/** What precedes and follows the JSON of the jobs in pg-boss's statement. */
interface InsertStatement {
  before: Prisma.Sql
  after: Prisma.Sql
}

const statements = new WeakMap<PgBoss, Map<string, InsertStatement>>()

async function readInsertStatement(boss: PgBoss, queue: string) {
  const ofQueues = statements.get(boss) ?? new Map<string, InsertStatement>()
  statements.set(boss, ofQueues)
  const known = ofQueues.get(queue)
  if (known) return known
  let statement = ''
  const capture = {
    async executeSql(text: string) {
      statement = text
      return { rows: [] }
    },
  }
  await boss.insert(queue, [], { db: capture })
  const [, before, after] =
    /^\s*WITH (ins AS[^]*json_to_recordset\()\$1(::text::json\)[^]*)SELECT id FROM ins\b/.exec(statement) ??
    []
  if (!before || !after) throw new Error('this version of pg-boss inserts jobs with an unknown statement')
  const read = { before: Prisma.raw(before), after: Prisma.raw(after) }
  ofQueues.set(queue, read)
  return read
}
