import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '../generated/prisma/client'

/** What runs inside one transaction. */
export type Tx = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]

/** Opens a client of its own, for tests and scripts that end. Whoever opens it calls `$disconnect()`. */
export function openDb(options: { url: string; poolSize?: number }) {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString: options.url,
      max: options.poolSize ?? 20,
      // Prisma keeps UTC in columns without a zone; SQL's now() has to agree.
      options: '-c TimeZone=UTC',
      // A Postgres that is being restarted is waited for, not answered with a failure at once.
      connectionTimeoutMillis: 10_000,
    }),
    transactionOptions: { maxWait: 10_000, timeout: 20_000 },
  })
}

export type Db = ReturnType<typeof openDb>

/** Where this process's Postgres is: DATABASE_URL, set by the start script for an embedded one. */
export function databaseUrl() {
  const url = process.env.DATABASE_URL
  if (!url)
    throw new Error('DATABASE_URL is not set: start with `npm start`, which sets up a Postgres, or set it.')
  return url
}

// Next.js evaluates this module once per bundle in development; one pool for the process is enough.
const processGlobal = globalThis as typeof globalThis & { meanwhileDb?: Db }

/** The client of this process, opened at first use. */
export function db() {
  processGlobal.meanwhileDb ??= openDb({ url: databaseUrl() })
  return processGlobal.meanwhileDb
}
