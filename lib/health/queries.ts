import { z } from 'zod'
import type { Db } from '../database/db'

const WORKER_TIMEOUT = '20 seconds'

export const healthSchema = z.object({
  status: z.enum(['ok', 'unavailable']),
  missing: z.array(z.string()).describe('What keeps the app from doing its work'),
  warnings: z.array(z.string()).describe('It works, but not as it should'),
})
export type Health = Pick<z.infer<typeof healthSchema>, 'missing' | 'warnings'>

export async function readHealth(db: Db): Promise<Health> {
  const unavailable = (what: string) => ({ missing: [what], warnings: [] })
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

/** A mail server that has taken nothing for a minute, and mails that wait for a person. */
async function readMailWarnings(db: Db) {
  const [mail] = await db.$queryRaw<{ isDown: boolean; isAmbiguous: boolean }[]>`
    SELECT EXISTS (SELECT FROM mail_pace WHERE "downSince" < now() - interval '1 minute') AS "isDown",
      EXISTS (SELECT FROM mail WHERE state = 'ambiguous') AS "isAmbiguous"`
  return [...(mail?.isDown ? ['mail: down'] : []), ...(mail?.isAmbiguous ? ['mail: ambiguous'] : [])]
}
