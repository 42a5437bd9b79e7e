import pg from 'pg'
import { processSingleton } from '../concurrency/process-singleton'
import type { Prisma } from '../generated/prisma/client'
import { preparedStatementName } from './prepared-statements'

/** Next.js loads this module several times. */
const pools = processSingleton<WeakMap<object, pg.Pool>>('database pools')

/** Makes `queryDirectly` use the connections of a Prisma client. */
export function registerPool(db: object, pool: pg.Pool) {
  // Prisma listens from its first query on. The pool replaces lost connections.
  pool.on('error', () => undefined)
  pools.current ??= new WeakMap()
  pools.current.set(db, pool)
}

/**
 * Executes a statement on its own, outside of transactions, without Prisma, which takes longer than Postgres to convert the
 * rows of a short one. Returns the same values as `$queryRaw`.
 */
export async function queryDirectly<Row extends object>(db: object, { text, values }: Prisma.Sql) {
  const pool = pools.current?.get(db)
  if (!pool) throw new Error('the client was not opened by openDb')
  const query = { name: preparedStatementName({ sql: text }), text, values, types: { getTypeParser } }
  return (await pool.query<Row>(query)).rows
}

/** Executes a statement: directly if `db` is a client that `openDb` opened, through Prisma if it is a transaction. */
export const querySql = <Row extends object>(
  db: Pick<Prisma.TransactionClient, '$queryRaw'>,
  sql: Prisma.Sql,
): Promise<Row[]> => (pools.current?.has(db) ? queryDirectly<Row>(db, sql) : db.$queryRaw<Row[]>(sql))

const { INT8, TIMESTAMP } = pg.types.builtins

/** Prisma stores UTC in columns without a time zone, and returns BIGINT as bigint. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === TIMESTAMP) return (value: string) => new Date(`${value.replace(' ', 'T')}Z`)
  if (oid === INT8) return BigInt
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown
}
