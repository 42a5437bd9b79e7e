import pg from 'pg'
import { processSingleton } from '../concurrency/process-singleton'
import type { Prisma } from '../generated/prisma/client'
import { preparedStatementName } from './prepared-statements'

/** A client that `openDb` opened. */
export type PoolOwner = Pick<Prisma.TransactionClient, '$queryRaw'>

/** A transaction without Prisma; see `runDirectTransaction`. */
export interface DirectTransaction {
  /** Returns the same values as `$queryRaw`. */
  query<Row extends object>(sql: Prisma.Sql): Promise<Row[]>
}

/** Executes statements: a client, a transaction of Prisma, or one without Prisma. */
export type SqlExecutor = PoolOwner | DirectTransaction

/** Next.js loads this module several times. */
const pools = processSingleton<WeakMap<object, pg.Pool>>('database pools')

/** Makes `queryDirectly` use the connections of a Prisma client. */
export function registerPool(db: object, pool: pg.Pool) {
  // Prisma listens from its first query on. The pool replaces lost connections.
  pool.on('error', () => undefined)
  pools.current ??= new WeakMap()
  pools.current.set(db, pool)
}

function findPool(db: PoolOwner) {
  const pool = pools.current?.get(db)
  if (!pool) throw new Error('the client was not opened by openDb')
  return pool
}

/** Takes a connection of a client. The caller must release it. Marks errors for `isQueryUnavailable`. */
export const connectDirectly = (db: PoolOwner) => markErrors(findPool(db).connect())

/**
 * Executes a statement on its own, outside of transactions, without Prisma, which takes longer than Postgres to convert the
 * rows of a short one. Returns the same values as `$queryRaw`.
 */
export const queryDirectly = <Row extends object>(db: PoolOwner, sql: Prisma.Sql) =>
  queryConnection<Row>(findPool(db), sql)

/** As `queryDirectly`, on one connection or on any of a pool. */
export async function queryConnection<Row extends object>(
  connection: pg.Pool | pg.ClientBase,
  { text, values }: Prisma.Sql,
) {
  const query = { name: preparedStatementName({ sql: text }), text, values, types: { getTypeParser } }
  return (await markErrors(connection.query<Row>(query))).rows
}

/** Marks errors of pg for `isDatabaseUnavailable` and `isQueryUnavailable`, as Prisma marks its own. */
export const markErrors = <Result>(query: Promise<Result>) =>
  query.catch((error: Error) => {
    throw Object.assign(error, { isDirectQuery: true })
  })

/** Executes a statement: without Prisma if `db` is not one of its transactions. */
export function querySql<Row extends object>(db: SqlExecutor, sql: Prisma.Sql): Promise<Row[]> {
  if ('query' in db) return db.query<Row>(sql)
  return pools.current?.has(db) ? queryDirectly<Row>(db, sql) : db.$queryRaw<Row[]>(sql)
}

const { INT8, TIMESTAMP } = pg.types.builtins

/** Prisma stores UTC in columns without a time zone, and returns BIGINT as bigint. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === TIMESTAMP) return (value: string) => new Date(`${value.replace(' ', 'T')}Z`)
  if (oid === INT8) return BigInt
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown
}
