import { z } from 'zod'
import type { Db } from './db'

const WORKER_SILENCE = '20 seconds'

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
      SELECT to_regclass('public.worker_beat') IS NOT NULL AND to_regclass('pgboss.job') IS NOT NULL AS migrated`
    if (!row?.migrated) return unavailable('migrations')
    const workers = await db.$queryRaw<{ problem: string | null; warning: string | null }[]>`
      SELECT problem, warning FROM worker_beat WHERE "seenAt" > now() - ${WORKER_SILENCE}::interval`
    if (workers.length === 0) return unavailable('worker')
    const warning = workers.find((worker) => worker.warning)?.warning
    return {
      missing: workers.every(({ problem }) => problem) ? [`sandbox: ${workers[0]!.problem}`] : [],
      warnings: warning ? [`sandbox: ${warning}`] : [],
    }
  } catch {
    return unavailable('database')
  }
}
