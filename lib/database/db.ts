import { isMainThread } from 'node:worker_threads'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { processSingleton } from '../concurrency/process-singleton'
import { config } from '../config/config'
import { PrismaClient } from '../generated/prisma/client'
import { registerPool } from './direct-query'
import { preparedStatementName } from './prepared-statements'
import { createSilenceTimeoutClient } from './silence-timeout'

/** A client inside one transaction. */
export type Tx = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]

interface OpenOptions {
  url: string
  /** Default: 20. */
  poolSize?: number
  /** See `createSilenceTimeoutClient`. */
  silenceTimeoutMs?: number
}

const TRANSACTION_TIMEOUT_MS = 20_000
const IDLE_TRANSACTION_MS = 60_000

/** Opens a separate client. The caller must call `$disconnect()`. */
export function openDb(options: OpenOptions) {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 20,
    // Statements that are sent without waiting for the answers in between take one round trip; see `runDirectTransaction`.
    pipeline: true,
    // Prisma stores UTC in columns without a time zone; now() must match. The locks of a computer that lost its network in a
    // transaction are released when the transaction is idle for longer than any may take. The pages that are used are in
    // memory: at the default, connections would keep plans that scan a table because it was small when they were made.
    options: `-c TimeZone=UTC -c idle_in_transaction_session_timeout=${IDLE_TRANSACTION_MS} -c random_page_cost=1.1`,
    // Long enough for Postgres to restart.
    connectionTimeoutMillis: 10_000,
    Client: createSilenceTimeoutClient(options.silenceTimeoutMs),
  })
  const client = new PrismaClient({
    adapter: new PrismaPg(pool, {
      disposeExternalPool: true,
      statementNameGenerator: preparedStatementName,
    }),
    transactionOptions: { maxWait: 10_000, timeout: TRANSACTION_TIMEOUT_MS },
  })
  registerPool(client, pool)
  return client
}

export type Db = ReturnType<typeof openDb>

/**
 * The URL of this process's Postgres. The start script sets DATABASE_URL for an embedded one.
 * @throws {Error} if unset
 */
export function databaseUrl() {
  const url = process.env.DATABASE_URL
  if (!url)
    throw new Error('DATABASE_URL is not set. Use `npm start`, which runs an embedded Postgres, or set it.')
  return url
}

const client = processSingleton<Db>('database client')

/** Connections of a thread, which has a client of its own. */
export const THREAD_POOL_SIZE = 4

/** The client of this process or thread, opened on first use. */
export const db = () =>
  (client.current ??= openDb({
    url: databaseUrl(),
    poolSize: isMainThread ? config().DATABASE_CONNECTIONS : THREAD_POOL_SIZE,
  }))
