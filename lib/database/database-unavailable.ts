/**
 * SQLSTATE classes 08 (connection exception) and 57P (operator intervention: shutting down, starting up), and transactions
 * that could not begin or go on in time.
 */
const UNAVAILABLE_PATTERN =
  /\b(P1001|P1002|P1008|P1017|08\d{3}|57P0\d)\b|DatabaseNotReachable|ConnectionClosed|E(CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|NETDOWN|HOSTDOWN|TIMEDOUT|PIPE)|timeout exceeded when trying to connect|connection error and is not queryable|Connection terminated|Unable to start a transaction in the given time|on an expired transaction/

/** SQLSTATE of a statement that was canceled. */
const CANCELED = '57014'

/**
 * Whether an error means that Postgres is restarting, unreachable or too slow, so that a retry may succeed. Prisma reports
 * this as its own code, as SQLSTATE, or in the message of pg. A direct statement is short: if it was canceled, it has waited
 * for too long. A canceled one of Prisma may take too long each time.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, meta } = error as Error & { code?: string; meta?: unknown }
  if (code === CANCELED && 'isDirectQuery' in error) return true
  return UNAVAILABLE_PATTERN.test(`${code ?? ''} ${error.message} ${JSON.stringify(meta ?? null)}`)
}

/**
 * As `isDatabaseUnavailable`, for an error that may come from a connection to another service. Prisma adds its version to
 * all errors of queries, also to those of pg; direct queries have a mark of their own.
 */
export const isQueryUnavailable = (error: unknown) =>
  error instanceof Error &&
  ('clientVersion' in error || 'isDirectQuery' in error) &&
  isDatabaseUnavailable(error)
