import { z } from 'zod'
import type { Db } from '../database/db'

/** A worker without a heartbeat for this long counts as stopped. */
export const WORKER_TIMEOUT = '20 seconds'

export const healthSchema = z.object({
  status: z.enum(['ok', 'unavailable']),
  missing: z
    .array(z.string())
    .optional()
    .describe('Components whose absence prevents the app from working. For administrators'),
  warnings: z
    .array(z.string())
    .optional()
    .describe('Problems that do not prevent the app from working. For administrators'),
})
export type Health = Required<Pick<z.infer<typeof healthSchema>, 'missing' | 'warnings'>>

/** Checks the database, its migrations, workers and mail. Never throws. */
export async function readHealth(db: Db): Promise<Health> {
  const unavailable = (component: string) => ({ missing: [component], warnings: [] })
  try {
    const [row] = await db.$queryRaw<{ migrated: boolean }[]>`
      SELECT to_regclass('public.worker_beat') IS NOT NULL AND to_regclass('pgboss.job') IS NOT NULL
        AND to_regclass('public.mail_pace') IS NOT NULL AS migrated`
    if (!row?.migrated) return unavailable('migrations')
    const workers = await db.$queryRaw<{ problem: string | null; warning: string | null }[]>`
      SELECT problem, warning FROM worker_beat WHERE "seenAt" > now() - ${WORKER_TIMEOUT}::interval`
    if (workers.length === 0) return unavailable('worker')
    const warning = workers.find((worker) => worker.warning)?.warning
    return {
      missing: workers.every(({ problem }) => problem) ? [`sandbox: ${workers[0]!.problem}`] : [],
      warnings: [...(warning ? [`sandbox: ${warning}`] : []), ...(await readMailWarnings(db))],
    }
  } catch {
    return unavailable('database')
  }
}

/** Reports a mail server that has been down for a minute, and mails that an administrator must review. */
async function readMailWarnings(db: Db) {
  const [mail] = await db.$queryRaw<{ isDown: boolean; isAmbiguous: boolean }[]>`
    SELECT EXISTS (SELECT FROM mail_pace WHERE "downSince" < now() - interval '1 minute') AS "isDown",
      EXISTS (SELECT FROM mail WHERE state = 'ambiguous') AS "isAmbiguous"`
  return [...(mail?.isDown ? ['mail: down'] : []), ...(mail?.isAmbiguous ? ['mail: ambiguous'] : [])]
}
