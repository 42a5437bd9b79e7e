import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '@/lib/database/db'
import { queryDirectly } from '@/lib/database/direct-query'
import { prepared } from '@/lib/database/prepared-statements'
import { Prisma } from '@/lib/generated/prisma/client'

/** The row that stores the time of the next permit, shared by all processes. */
export interface PermitRow {
  table: Prisma.Sql
  column: Prisma.Sql
  where: Prisma.Sql
  /** The current time in the type of `column`. */
  now: Prisma.Sql
  /** Inserts the row. Unset if the row always exists. */
  create?: Prisma.Sql
}

/** The row that limits the starts of one queue. */
export const queuePermitRow = (queue: string): PermitRow => ({
  table: Prisma.sql`queue_control`,
  column: Prisma.sql`"nextStartAt"`,
  where: Prisma.sql`queue = ${queue}`,
  now: Prisma.sql`clock_timestamp()`,
  create: Prisma.sql`INSERT INTO queue_control (queue) VALUES (${queue}) ON CONFLICT DO NOTHING`,
})

/**
 * Waits for the next permit of `row`. Permits are evenly spaced, `ratePerSecond` across all processes; unused ones do
 * not accumulate. Resolves to whether the row exists.
 * @throws the reason of `signal` as soon as it is aborted
 */
export async function acquirePermit(
  db: Db,
  { row, ratePerSecond, signal }: { row: PermitRow; ratePerSecond: number; signal: AbortSignal },
) {
  const spacing = Prisma.sql`make_interval(secs => ${1 / ratePerSecond}::float8)`
  // greatest() ignores NULL: a new row grants its first permit at once.
  const reserve = () =>
    queryDirectly<{ waitMs: number }>(
      db,
      Prisma.sql`
        ${prepared} UPDATE ${row.table} SET ${row.column} = greatest(${row.column}, ${row.now}) + ${spacing}
        WHERE ${row.where}
        RETURNING (1000 * extract(epoch FROM ${row.column} - ${spacing} - ${row.now}))::float8 AS "waitMs"`,
    )
  let [permit] = await reserve()
  if (!permit && row.create) {
    await db.$executeRaw(row.create)
    ;[permit] = await reserve()
  }
  if (permit) await delay(Math.max(0, permit.waitMs), undefined, { signal })
  return permit !== undefined
}
