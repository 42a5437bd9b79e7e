/** SQLSTATE classes: connection exceptions (08), and operator intervention (57P: shut down, starting up). */
const UNAVAILABLE_PATTERN =
  /\b(P1001|P1002|P1008|P1017|08\d{3}|57P0\d)\b|DatabaseNotReachable|ConnectionClosed|ECONN(REFUSED|RESET)|connection error and is not queryable|Connection terminated/

/**
 * Whether `error` says that Postgres is being restarted or cannot be reached, so that the same work may
 * succeed later. Prisma tells it in several shapes: as its own code, as SQLSTATE, or as pg's words.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, meta } = error as Error & { code?: string; meta?: unknown }
  return UNAVAILABLE_PATTERN.test(`${code ?? ''} ${error.message} ${JSON.stringify(meta ?? null)}`)
}
