import type { Db } from './db'

const WORKER_SILENCE = '20 seconds'

/** What is missing for the app to do its work; empty when nothing is. */
export async function findMissing(db: Db): Promise<string[]> {
  try {
    const [row] = await db.$queryRaw<{ migrated: boolean }[]>`
      SELECT to_regclass('public.worker_beat') IS NOT NULL AND to_regclass('pgboss.job') IS NOT NULL AS migrated`
    if (!row?.migrated) return ['migrations']
    const workers = await db.$queryRaw<{ problem: string | null }[]>`
      SELECT problem FROM worker_beat WHERE "seenAt" > now() - ${WORKER_SILENCE}::interval`
    if (workers.length === 0) return ['worker']
    return workers.every(({ problem }) => problem) ? [`sandbox: ${workers[0]!.problem}`] : []
  } catch {
    return ['database']
  }
}
