import { z } from 'zod'
import { PROCESS_TIMEOUT, readUntakenQueues } from '../cluster/queries'
import type { Db } from '../database/db'
import { translateProcessProblem } from '../cluster/process-texts'

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
    const workers = await db.$queryRaw<WorkerRow[]>`
      SELECT problem, warning, "drainReason" FROM worker_beat
      WHERE role = 'worker' AND "seenAt" > now() - ${PROCESS_TIMEOUT}::interval`
    if (workers.length === 0) return unavailable('worker')
    const active = workers.filter(({ drainReason }) => !drainReason)
    if (active.length === 0) return unavailable('worker: draining')
    const warning = active.find((worker) => worker.warning)?.warning
    const untaken = await readUntakenQueues(db)
    return {
      missing: active.every(({ problem }) => problem)
        ? [`sandbox: ${translateProcessProblem(active[0]!.problem)}`]
        : [],
      warnings: [
        ...(warning ? [`sandbox: ${translateProcessProblem(warning)}`] : []),
        ...(active.length < workers.length ? ['worker: draining'] : []),
        ...untaken.map((queue) => `queue: ${queue}`),
        ...(await readStorageProblems(db)),
        ...(await readMailWarnings(db)),
      ],
    }
  } catch {
    return unavailable('database')
  }
}

interface WorkerRow {
  problem: string | null
  warning: string | null
  drainReason: string | null
}

/** Names the computers with a process that cannot use the storage. */
async function readStorageProblems(db: Db) {
  const rows = await db.$queryRaw<{ hostname: string }[]>`
    SELECT DISTINCT hostname FROM worker_beat
    WHERE "storageProblem" IS NOT NULL AND "seenAt" > now() - ${PROCESS_TIMEOUT}::interval ORDER BY hostname`
  return rows.map(({ hostname }) => `storage: ${hostname}`)
}

/** Reports a mail server that has been down for a minute, and mails that an administrator must review. */
async function readMailWarnings(db: Db) {
  const [mail] = await db.$queryRaw<{ isDown: boolean; isAmbiguous: boolean }[]>`
    SELECT EXISTS (SELECT FROM mail_pace WHERE "downSince" < now() - interval '1 minute') AS "isDown",
      EXISTS (SELECT FROM mail WHERE state = 'ambiguous') AS "isAmbiguous"`
  return [...(mail?.isDown ? ['mail: down'] : []), ...(mail?.isAmbiguous ? ['mail: ambiguous'] : [])]
}
